/**
 * Digests of a few rows with differences planted in the statement, for the self-test. The rows are read once, into a
 * derived table, and every digest is made of them in one pass: whatever is written meanwhile and whatever the
 * isolation, the digests differ by what was planted alone. Without window functions, which MySQL 5.7 has not.
 */
import type { TablePlan } from '@rowparity/contracts';
import type { ProbedDigests, Side } from '@rowparity/core';
import { changedColumn, digestWhere, framedColumns } from './digestSql.ts';
import { quoted } from './quoted.ts';

const SLICE = 'slice.';
const CHOSEN = 'chosen.';
/** Every row comes twice, so that one can be counted twice. */
const COPIES = '(SELECT 0 AS n UNION ALL SELECT 1) AS copies';
const IS_FIRST = 'copies.n = 0';

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
  of: { readonly plan: TablePlan; readonly side: Side; readonly column: number },
  { slice, chosen }: { readonly slice: string; readonly chosen: string },
): string {
  const { plan, side } = of;
  const isChosen = `(${keyNames(plan, side)
    .map((name) => `${SLICE}${name} = ${CHOSEN}${name}`)
    .join(' AND ')})`;
  const columns = framedColumns(plan, side, SLICE);
  const changed = plan.columns.map((column, i) => {
    const framed = columns[i] as string;
    return i === of.column ? `IF(${isChosen}, ${changedColumn(column, side, SLICE)}, ${framed})` : framed;
  });
  const digests: Readonly<Record<(typeof PROBED)[number], string>> = {
    truth: digestWhere(IS_FIRST, columns),
    again: digestWhere(IS_FIRST, columns),
    changed: digestWhere(IS_FIRST, changed),
    missing: digestWhere(`${IS_FIRST} AND NOT ${isChosen}`, columns),
    extra: digestWhere(`${IS_FIRST} OR ${isChosen}`, columns),
  };
  const isThere = `CAST(COUNT(IF(${IS_FIRST} AND ${isChosen}, 1, NULL)) AS CHAR)`;
  const selected = [isThere, ...PROBED.map((name) => digests[name])].join(', ');
  return `SELECT ${selected} FROM (${slice}) AS slice CROSS JOIN (${chosen}) AS chosen CROSS JOIN ${COPIES}`;
}

function keyNames(plan: TablePlan, side: Side): string[] {
  return plan.key.map(({ column }) => quoted(plan.columns[column]?.names[side] ?? ''));
}
