/**
 * The digest of a range of rows, in SQL that MySQL 5.7 to 9.7 and MariaDB share: the number of rows, and the XOR of
 * 64 bits of SHA-256 of every row's framed text. The hash is not linear, so equal edits do not cancel; NULL has a mark
 * of its own, and a value that may hold any character is framed by its length, so no separator shifts. A row whose
 * text is longer than the server allows gets a random hash, which sends its range to the exact comparison. MD5() and
 * SHA1() are gone from MySQL 9.7; SHA2() is everywhere.
 *
 * Two texts may differ for equal values (JSON on two servers): that costs an exact comparison, never a wrong result.
 * Equal texts for different values would be a miss, so every type is written with all its digits. Every expression
 * stands there once: turning columns into text is what a digest costs.
 */
import type { ComparedColumn, RuleName, TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { quoted } from './quoted.ts';
import { readExpression } from './readExpression.ts';

/** Types whose bytes are not text, or whose text would lose bits. */
const AS_HEX =
  /^(bit|binary|varbinary|tinyblob|blob|mediumblob|longblob|vector|geom|point|linestring|polygon|multi)/i;
/** Their bytes are digested as they are stored: a conversion would make some of them equal. */
const AS_STORED = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set)/i;
/** Text of ASCII or UTF-8, for every stored type. */
const AS_UTF8 = /^(json|uuid|inet)/i;

export function digestColumns(plan: TablePlan, side: Side): string {
  return digestOf('*', rowHash(framedColumns(plan, side)));
}

/** The columns of a result that make a digest: of what is counted, and of the hashes of rows; both may be NULL. */
export function digestOf(counted: string, hash: string): string {
  return `CAST(COUNT(${counted}) AS CHAR), CAST(BIT_XOR(${hash}) AS CHAR)`;
}

export function rowHash(columns: readonly FramedColumn[]): string {
  const hash = `IFNULL(SHA2(CONCAT(${columns.join(", ',', ")}), 256), SHA2(UUID(), 256))`;
  return `CAST(CONV(LEFT(${hash}, 16), 16, 10) AS UNSIGNED)`;
}

/** SQL of a column's part in the text of its row. */
export type FramedColumn = string;

/** `source`: what stands before the names of columns, where the statement has more than one table. */
export function framedColumns(plan: TablePlan, side: Side, source = ''): readonly FramedColumn[] {
  return plan.columns.map((column) => {
    const { isNull, text, frame } = writing(column, side, source);
    return `IF(${isNull}, 'N', ${frame(text)})`;
  });
}

/** The column with another last character; '1' where it is empty or NULL. */
export function changedColumn(column: ComparedColumn, side: Side, source: string): FramedColumn {
  const { isNull, text, frame } = writing(column, side, source);
  const value = `IF(${isNull}, '', ${text})`;
  const start = `LEFT(${value}, GREATEST(CHAR_LENGTH(${value}), 1) - 1)`;
  return frame(`CONCAT(${start}, IF(RIGHT(${value}, 1) = '1', '2', '1'))`);
}

function asText(expression: string): string {
  return `CAST(${expression} AS CHAR)`;
}

interface Writing {
  /**
   * A server also gives NULL for a text that is longer than it allows. So the test for NULL uses the column and not its
   * text.
   */
  readonly isNull: string;
  readonly text: string;
  /** Numbers, times and hex hold no "," and no "N". Text may, so its length comes first. */
  frame(text: string): FramedColumn;
}

function writing({ names, types, readAs, rules }: ComparedColumn, side: Side, source: string): Writing {
  const column = `${source}${quoted(names[side])}`;
  const isNull = `${column} IS NULL`;
  const value = readExpression(column, { readAs, side, isKey: false });
  const type = readAs.kind === 'plain' ? types[side] : '';
  const frame = (text: string) => text;
  if (AS_HEX.test(type)) return { isNull, text: `HEX(${value})`, frame };
  if (AS_STORED.test(type) || readAs.kind === 'text') {
    return { isNull, text: `CAST(${value} AS BINARY)`, frame: withLength };
  }
  if (AS_UTF8.test(type)) return { isNull, text: `CONVERT(${value} USING utf8mb4)`, frame: withLength };
  const isOther = types.base !== types.target;
  return { isNull, text: asText(inOneForm(value, { type, isOther, rules })), frame };
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

function withLength(text: string): FramedColumn {
  return `CONCAT(LENGTH(${text}), ':', ${text})`;
}
