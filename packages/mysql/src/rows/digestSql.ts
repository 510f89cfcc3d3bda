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
import type { ComparedColumn, TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { quoted } from './quoted.ts';
import { readExpression } from './readExpression.ts';

/** Types whose bytes are no text, or whose text would lose bits. */
const AS_HEX =
  /^(bit|binary|varbinary|tinyblob|blob|mediumblob|longblob|vector|geom|point|linestring|polygon|multi)/i;
const AS_TEXT = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set|json|uuid|inet)/i;

export function digestColumns(plan: TablePlan, side: Side): string {
  const row = `CONCAT(${plan.columns.map((column) => framed(column, side)).join(", ',', ")})`;
  const hash = `IFNULL(SHA2(${row}, 256), SHA2(UUID(), 256))`;
  return `CAST(COUNT(*) AS CHAR), CAST(BIT_XOR(CAST(CONV(LEFT(${hash}, 16), 16, 10) AS UNSIGNED)) AS CHAR)`;
}

/**
 * Numbers, times and hex hold no "," and no "N"; text may, so its length stands before it. The mark stands for a value
 * that is NULL, not for a text that is: a server gives NULL for what is longer than it allows, too.
 */
function framed(column: ComparedColumn, side: Side): string {
  const text = textOf(column, side);
  const frame = isText(column, side) ? `CONCAT(LENGTH(${text}), ':', ${text})` : text;
  return `IF(${quoted(column.names[side])} IS NULL, 'N', ${frame})`;
}

function textOf({ names, types, readAs }: ComparedColumn, side: Side): string {
  const expression = readExpression(names[side], readAs);
  if (readAs.kind !== 'plain') return `CAST(${expression} AS CHAR)`;
  if (AS_HEX.test(types[side])) return `HEX(${expression})`;
  if (AS_TEXT.test(types[side])) return `CONVERT(${expression} USING utf8mb4)`;
  // FLOAT is shown with six digits; as a DOUBLE it shows them all.
  return `CAST(${expression}${/^float/i.test(types[side]) ? ' + 0e0' : ''} AS CHAR)`;
}

function isText({ types, readAs }: ComparedColumn, side: Side): boolean {
  return readAs.kind === 'plain' && AS_TEXT.test(types[side]);
}
