/** `check --explain`: what would be compared, and how. Reads schemas and the optimizer's estimates, no rows. */
import type {
  ComparedColumn,
  KeyRange,
  KeyTuple,
  RunRecord,
  ShardRecord,
  TablePlan,
} from '@rowparity/contracts';
import { type Ledger, mapSides, SIDES, type Side } from '@rowparity/core';
import { pageStatement } from './pageStatement.ts';

const RANGES_SHOWN = 5;
/** Tables have at most 4096 columns; a name has at most 64 characters. */
const NAME_CELLS = 24;
/** Parts of a column's plan that say nothing special. */
const PLAIN: readonly (string | undefined)[] = ['[]', '{"kind":"plain"}'];

export async function explanation(run: RunRecord, ledger: Ledger): Promise<string> {
  const { shard, recheck, events, direction } = run.spec;
  const lines = [
    `direction ${direction}; shards of about ${shard.rows} rows, pages of at most ${shard.pageRows}; recheck after ${recheck.delaysMs.join(', ')} ms; events ${events.format}`,
  ];
  let first = 0;
  for (const { name, plan, refusal, shards, estimatedRows } of run.tables) {
    lines.push('', `table ${name}`);
    if (refusal) lines.push(`  refused ${refusal.code}: ${refusal.message}`);
    if (plan) {
      const ranges = await ledger.listShards(run.runId, first, Math.min(RANGES_SHOWN, shards));
      lines.push(...planLines(plan), ...shardLines({ shards, estimatedRows }, ranges));
      lines.push(...(await statementLines(plan, ranges[1] ?? ranges[0], shard.pageRows)));
    }
    first += shards;
  }
  return `${lines.join('\n')}\n`;
}

function planLines(plan: TablePlan): string[] {
  const place = (side: Side) =>
    `  ${side.padEnd(7)} ${plan.tables[side].schema}.${plan.tables[side].table}, index ${plan.indexes[side]}`;
  const keys = plan.key.map(({ column, kind }) => `${plan.columns[column]?.names.base} (${kind})`);
  return [...SIDES.map(place), `  key     ${keys.join(', ')}`, '  columns', ...plan.columns.map(columnLine)];
}

/** Whatever else the plan says of a column is its rule. */
function columnLine({ names, types, ...rule }: ComparedColumn): string {
  const name = names.base === names.target ? names.base : `${names.base} | ${names.target}`;
  const type = types.base === types.target ? types.base : `${types.base} | ${types.target}`;
  return `    ${name.padEnd(NAME_CELLS)} ${type.padEnd(NAME_CELLS)} ${ruleText(rule)}`;
}

function ruleText(rule: object): string {
  const special = Object.entries(rule).filter(([, value]) => !PLAIN.includes(JSON.stringify(value)));
  return special.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ') || 'byte by byte';
}

function shardLines(
  { shards, estimatedRows }: { readonly shards: number; readonly estimatedRows: number },
  ranges: readonly ShardRecord[],
): string[] {
  const more = shards - ranges.length;
  return [
    `  shards  ${shards}, about ${estimatedRows} rows`,
    ...ranges.map(({ shard, range }) => `    ${shard}: ${rangeText(range)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

async function statementLines(plan: TablePlan, shard: ShardRecord | undefined, rows: number) {
  const range = shard?.range ?? { after: null, upTo: null };
  const statements = mapSides(plan.tables, (_, side) => pageStatement(plan, side, { range, rows }));
  return [`  page base   ${await statements.base}`, `  page target ${await statements.target}`];
}

function rangeText({ after, upTo }: KeyRange): string {
  return `(${after ? keyText(after) : '−∞'}, ${upTo ? `${keyText(upTo)}]` : '+∞)'}`;
}

function keyText(key: KeyTuple): string {
  return key.length === 1 ? (key[0] as string) : `(${key.join(', ')})`;
}
