/**
 * The digest of a range of rows: the number of rows, and the XOR of SHA-256 of every row's framed text. MySQL from
 * 8.0 on gives all 256 bits of it; MySQL 5.7 and MariaDB XOR numbers only and give the first 64, which costs more.
 * The first bits of a XOR are the XOR of the first bits, so both kinds of servers can be compared. The hash is not
 * linear, so equal edits do not cancel; NULL has a mark of its own, and a value that may hold any character is
 * framed by its length, so no separator shifts. A row whose text is longer than the server allows gets a random
 * hash, which sends its range to the exact comparison. MD5() and SHA1() are gone from MySQL 9.7; SHA2() is
 * everywhere.
 *
 * Two texts may differ for equal values (JSON on two servers): that costs an exact comparison, never a wrong
 * result. Equal texts for different values would be a miss, so every type is written with all its digits. Turning
 * columns into text is what a digest costs: no value is converted that need not be, and only what may be NULL has a
 * mark for it.
 */
import type { ComparedColumn, RuleName, TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { quoted } from './quoted.ts';
import { readExpression } from './readExpression.ts';

/** Their bytes are no text that a server joins with others. */
const AS_HEX = /^(bit|vector|geom|point|linestring|polygon|multi)/i;
/** Their bytes are digested as they are stored: a conversion would make some of them equal. */
const AS_TEXT = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)/i;
const AS_BYTES = /^(binary|varbinary|tinyblob|blob|mediumblob|longblob)/i;
/** Text of ASCII or UTF-8, for every stored type. */
const AS_UTF8 = /^(json|uuid|inet)/i;
/** A document has no such byte: a server refuses it as JSON, and writes it with an escape. */
const END_OF_JSON = "X'00'";
/** What stands for NULL in place of a length, a number, a time or a document: none of them is written so. */
const NULL_MARK = "'N'";

export type DigestBits = 64 | 256;

export function digestColumns(plan: TablePlan, side: Side, bits: DigestBits): string {
  return digestOf('*', xoredHash(framedColumns(plan, side), bits), bits);
}

/**
 * The columns of a result that make a digest, the second in hex: of what is counted, and of hashes of `xoredHash`; both
 * may be NULL.
 */
export function digestOf(counted: string, hash: string, bits: DigestBits): string {
  const hex = `HEX(BIT_XOR(${hash}))`;
  // Of no rows, MySQL gives as many zeros as the argument might have.
  const digits = bits === 64 ? `LPAD(${hex}, 16, '0')` : `LEFT(${hex}, 64)`;
  return `CAST(COUNT(${counted}) AS CHAR), ${digits}`;
}

/** The hash of a row as BIT_XOR() takes it. */
export function xoredHash(columns: readonly FramedColumn[], bits: DigestBits): string {
  return bits === 64 ? rowHash(columns) : `UNHEX(${rowSha2(columns)})`;
}

/** 64 bits, as a number. */
export function rowHash(columns: readonly FramedColumn[]): string {
  return `CAST(CONV(LEFT(${rowSha2(columns)}, 16), 16, 10) AS UNSIGNED)`;
}

function rowSha2(columns: readonly FramedColumn[]): string {
  return `IFNULL(SHA2(${joined(columns)}, 256), SHA2(UUID(), 256))`;
}

/** SQL of a column's parts in the text of its row. */
export type FramedColumn = readonly string[];

export function joined(columns: readonly FramedColumn[]): string {
  return `CONCAT(${columns.map((parts) => parts.join(', ')).join(", ',', ")})`;
}

/** `source`: what stands before the names of columns, where the statement has more than one table. */
export function framedColumns(plan: TablePlan, side: Side, source = ''): readonly FramedColumn[] {
  return plan.columns.map((column) => {
    const { value, instead, frame } = writing(column, side, source);
    return frame(value, column.isNotNull === true ? undefined : instead);
  });
}

/** The column with another last character; '1' where it is empty or NULL. */
export function changedColumn(column: ComparedColumn, side: Side, source: string): FramedColumn {
  const { value, instead, frame } = writing(column, side, source);
  const text = instead(`CAST(${value} AS BINARY)`, "''");
  const start = `LEFT(${text}, GREATEST(LENGTH(${text}), 1) - 1)`;
  return frame(`CONCAT(${start}, IF(RIGHT(${text}, 1) = '1', '2', '1'))`);
}

/** An expression, or another one where the column is NULL. */
type Instead = (expression: string, ofNull: string) => string;

interface Writing {
  readonly value: string;
  readonly instead: Instead;
  /** Without `instead` the column is never NULL. */
  frame(value: string, instead?: Instead): FramedColumn;
}

function writing(column: ComparedColumn, side: Side, source: string): Writing {
  const { names, types, readAs, rules } = column;
  const name = `${source}${quoted(names[side])}`;
  const read = readExpression(name, { readAs, side, isKey: false });
  const type = readAs.kind === 'plain' ? types[side] : '';
  const isAsItIs = read === name;
  const written = (value: string, frame: Writing['frame'], isCopy = value === name): Writing => ({
    ...{ value, frame },
    instead: insteadOfNull(name, isCopy),
  });
  if (AS_HEX.test(type)) return written(`HEX(${read})`, withoutLength);
  // Text of two character sets is not joined; this only copies bytes, and costs less than a CAST.
  if (AS_TEXT.test(type) || readAs.kind === 'text') {
    const bytes = `CONVERT(${read} USING binary)`;
    const frame: Writing['frame'] = (value, instead) =>
      withLength(value, instead, value === bytes ? read : value);
    return written(bytes, frame, isAsItIs);
  }
  if (AS_BYTES.test(type)) return written(read, withLength);
  // Only where both sides write documents: the other one would frame its text by a length.
  const areDocuments = /^json/i.test(types.base) && /^json/i.test(types.target);
  if (areDocuments) return written(read, (value, instead) => [...withoutLength(value, instead), END_OF_JSON]);
  if (AS_UTF8.test(type)) return written(`CONVERT(${read} USING utf8mb4)`, withLength);
  return written(inOneForm(read, { type, isOther: types.base !== types.target, rules }), withoutLength);
}

/**
 * A server also gives NULL for a text that is longer than it allows and for a time that it cannot convert. So the test
 * for NULL uses the column where its value is not read as it is.
 */
function insteadOfNull(name: string, isAsItIs: boolean): Instead {
  return (expression, ofNull) =>
    isAsItIs ? `IFNULL(${expression}, ${ofNull})` : `IF(${name} IS NULL, ${ofNull}, ${expression})`;
}

/** Numbers, times and hex hold no "," and no "N". */
function withoutLength(value: string, instead?: Instead): FramedColumn {
  return [instead ? instead(value, NULL_MARK) : value];
}

/** Text and bytes may hold anything, so their length in bytes comes first; `measured` has the same length. */
function withLength(value: string, instead?: Instead, measured = value): FramedColumn {
  if (!instead) return [`LENGTH(${measured})`, "':'", value];
  return [instead(`LENGTH(${measured})`, NULL_MARK), "':'", instead(value, "''")];
}

/** Numbers and times as both sides write them, for every declared width. */
function inOneForm(
  value: string,
  column: { readonly type: string; readonly isOther: boolean; readonly rules: readonly RuleName[] },
): string {
  // FLOAT is shown with six digits; as a DOUBLE it shows them all. −0 and 0 are one number there.
  if (/^float/i.test(column.type) || column.rules.includes('negativeZero')) return `${value} + 0e0`;
  // ZEROFILL shows zeros that are no part of the number.
  if (/int.*zerofill/i.test(column.type)) return `${value} + 0`;
  if (column.isOther && /^(datetime|timestamp)/i.test(column.type)) return `CAST(${value} AS DATETIME(6))`;
  if (column.isOther && /^time/i.test(column.type)) return `CAST(${value} AS TIME(6))`;
  return value;
}
