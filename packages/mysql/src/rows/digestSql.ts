/**
 * The digest of a range of rows, in SQL that MySQL 5.7 to 9.7 and MariaDB share: the number of rows, the number of
 * rows that have a hash, and the XOR of 64 bits of SHA-256 of every row's framed text. The hash is not linear, so
 * equal edits do not cancel; every column is framed by its length and NULL has a mark of its own, so no separator
 * shifts and NULL is not ''. MD5() and SHA1() are gone from MySQL 9.7; SHA2() is everywhere.
 *
 * Two texts may differ for equal values (JSON on two servers): that costs an exact comparison, never a wrong result.
 * Equal texts for different values would cost a miss, so every type is written with all its digits.
 */
import type { ComparedColumn, TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { readExpression } from './readExpression.ts';

/** Types whose bytes are no text, or whose text would lose bits. */
const AS_HEX =
  /^(bit|binary|varbinary|tinyblob|blob|mediumblob|longblob|vector|geom|point|linestring|polygon|multi)/i;
const AS_TEXT = /^(char|varchar|tinytext|text|mediumtext|longtext|enum|set|json|uuid|inet)/i;

export function digestColumns(plan: TablePlan, side: Side): string {
  const row = `CONCAT(${plan.columns.map((column) => framed(column, side)).join(', ')})`;
  const hash = `SHA2(${row}, 256)`;
  return `CAST(COUNT(*) AS CHAR), CAST(COUNT(${hash}) AS CHAR), CAST(BIT_XOR(CAST(CONV(LEFT(${hash}, 16), 16, 10) AS UNSIGNED)) AS CHAR)`;
}

function framed(column: ComparedColumn, side: Side): string {
  const text = textOf(column, side);
  return `IF(${text} IS NULL, 'N', CONCAT('V', LENGTH(${text}), ':', ${text}))`;
}

function textOf(column: ComparedColumn, side: Side): string {
  const expression = readExpression(column.names[side], column.readAs);
  const type = column.types[side];
  if (column.readAs.kind !== 'plain') return `CAST(${expression} AS CHAR)`;
  if (AS_HEX.test(type)) return `HEX(${expression})`;
  if (AS_TEXT.test(type)) return `CONVERT(${expression} USING utf8mb4)`;
  // FLOAT is shown with six digits; as a DOUBLE it shows them all.
  if (/^float/i.test(type)) return `CAST(${expression} + 0e0 AS CHAR)`;
  return `CAST(${expression} AS CHAR)`;
}
