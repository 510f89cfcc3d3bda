/**
 * Digests of a few rows with differences planted in the statement, for the self-test. The rows are read once, into a
 * derived table, and every digest is made of them in one pass: under every isolation, and with writes meanwhile, the
 * digests differ by what was planted alone. Without window functions, which MySQL 5.7 has not.
 */
import type { ComparedColumn, TablePlan } from '@rowparity/contracts';
import type { ProbedDigests, Side } from '@rowparity/core';
import { changedColumn, type DigestBits, digestOf, framedColumns, joined, xoredHash } from './digestSql.ts';
import { quoted } from './quoted.ts';

const SLICE = 'slice.';
const CHOSEN = 'chosen.';
/** Every row comes twice, so that one can be counted twice. */
const COPIES = '(SELECT 0 AS n UNION ALL SELECT 1) AS copies';

/** The digests behind the first column, in the order of their pairs of columns. */
export const PROBED = [
  'truth',
  'again',
  'changed',
  'missing',
  'extra',
] as const satisfies readonly (keyof ProbedDigests)[];

/** `slice` and `chosen` are statements: the compared columns of some rows, and the key of one of them. */
export function probedDigestSql(
  probed: {
    readonly plan: TablePlan;
    readonly side: Side;
    readonly column: number;
    readonly bits: DigestBits;
  },
  { slice, chosen }: { readonly slice: string; readonly chosen: string },
): string {
  const { plan, side, bits } = probed;
  const isChosen = `(${keyNames(plan, side)
    .map((name) => `${SLICE}${name} = ${CHOSEN}${name}`)
    .join(' AND ')})`;
  const framed = framedColumns(plan, side, SLICE);
  const changed = framed.map((column, i) =>
    i === probed.column
      ? [
          `IF(${isChosen}, ${joined([changedColumn(plan.columns[i] as ComparedColumn, side, SLICE)])}, ${joined([column])})`,
        ]
      : column,
  );
  const hash = xoredHash(framed, bits);
  const hashed = `SELECT copies.n = 0 AS is_first, ${isChosen} AS is_chosen, ${hash} AS truth, ${hash} AS again, ${xoredHash(changed, bits)} AS changed FROM (${slice}) AS slice CROSS JOIN (${chosen}) AS chosen CROSS JOIN ${COPIES}`;
  const digests: Readonly<Record<(typeof PROBED)[number], string>> = {
    truth: digestWhere('is_first', 'truth', bits),
    again: digestWhere('is_first', 'again', bits),
    changed: digestWhere('is_first', 'changed', bits),
    missing: digestWhere('is_first AND NOT is_chosen', 'truth', bits),
    extra: digestWhere('is_first OR is_chosen', 'truth', bits),
  };
  const isThere = 'CAST(COUNT(IF(is_first AND is_chosen, 1, NULL)) AS CHAR)';
  return `SELECT ${[isThere, ...PROBED.map((name) => digests[name])].join(', ')} FROM (${hashed}) AS hashed`;
}

/** Of those rows of which a condition is true. */
function digestWhere(condition: string, hash: string, bits: DigestBits): string {
  return digestOf(`IF(${condition}, 1, NULL)`, `IF(${condition}, ${hash}, NULL)`, bits);
}

function keyNames(plan: TablePlan, side: Side): string[] {
  return plan.key.map(({ column }) => quoted(plan.columns[column]?.names[side] ?? ''));
}
