/** `check --explain`: what would be compared, and how. Reads schemas and the optimizer's estimates, no rows. */
import {
  type ComparedColumn,
  type KeyRange,
  type KeyTuple,
  many,
  printable,
  type ReadAs,
  type ShardRecord,
  type TablePlan,
} from '@rowparity/contracts';
import { type LedgerReadings, SIDES, type Side, STREAM_ROWS_FIRST, type WholeRun } from '@rowparity/core';
import { MultisetSql, SideSql } from '@rowparity/mysql';
import { PLACES, type Place } from '../connecting/connectionOptions.ts';
import { commandWords } from './commandWords.ts';

const RANGES_SHOWN = 5;
/** Tables have at most 4096 columns; a name has at most 64 characters. */
const NAME_CELLS = 24;

/** `links`: what is known of the link of each database, by its place. */
export async function explanation(
  run: WholeRun,
  ledger: LedgerReadings,
  links: Readonly<Record<Place, string>>,
): Promise<string> {
  const { shard, recheck, events, direction, strategy, rulesOff } = run.spec;
  const lines = [
    `direction ${direction}; strategy ${strategy}; rules off: ${rulesOff.join(', ') || 'none'}; shards of about ${shard.rows} rows, pages of at most ${shard.pageRows}; ${recheckWords(recheck)}; events ${events.format}`,
    ...PLACES.map((place) => `link to the ${place}: ${links[place]}`),
  ];
  let first = 0;
  for (const { name, plan, refusal, shards, estimatedRows } of run.tables) {
    lines.push('', `table ${name}`);
    if (refusal) lines.push(`  refused ${refusal.code}: ${commandWords(refusal.message)}`);
    if (plan) {
      const ranges = await ledger.listShards(run.runId, first, Math.min(RANGES_SHOWN, shards));
      lines.push(...planLines(plan), ...shardLines({ shards, estimatedRows }, ranges));
      lines.push(...statementLines(plan, ranges[1] ?? ranges[0]));
    }
    first += shards;
  }
  return `${lines.map((line) => printable(line)).join('\n')}\n`;
}

function planLines(plan: TablePlan): string[] {
  const place = (side: Side) =>
    `  ${side.padEnd(7)} ${plan.tables[side].schema}.${plan.tables[side].table}, ${indexText(plan.indexes[side])}`;
  const keys = plan.key.map(({ column, kind }) => `${plan.columns[column]?.names.base} (${kind})`);
  const { where } = plan;
  return [
    ...SIDES.map(place),
    `  key     ${keys.join(', ') || 'none'}`,
    ...(plan.multiset
      ? [
          `  rows    as multisets of digests in ${plan.multiset.buckets} buckets: passes over the whole table, slow`,
        ]
      : []),
    ...(where ? SIDES.map((side) => `  where ${side.padEnd(6)} ${where[side]}`) : []),
    '  columns',
    ...plan.columns.map(columnLine),
  ];
}

function indexText(index: string | null): string {
  return index === null ? 'no index' : `index ${index}`;
}

function columnLine({ names, types, readAs, rules }: ComparedColumn): string {
  const name = names.base === names.target ? names.base : `${names.base} | ${names.target}`;
  const type = types.base === types.target ? types.base : `${types.base} | ${types.target}`;
  const ruled = rules.length > 0 ? `, then by the rules ${rules.join(', ')}` : '';
  return `    ${name.padEnd(NAME_CELLS)} ${type.padEnd(NAME_CELLS)} ${readAsText(readAs)}${ruled}`;
}

function readAsText(readAs: ReadAs): string {
  switch (readAs.kind) {
    case 'plain':
      return 'byte by byte';
    case 'decimal':
      return `read as decimal(${readAs.precision},${readAs.scale})`;
    case 'double':
      return 'read as double';
    case 'number':
      return 'read as its number';
    case 'text':
      return `read as UTF-8 (${[...new Set([readAs.charsets.base, readAs.charsets.target])].join(' | ')})`;
  }
}

function shardLines(
  { shards, estimatedRows }: { readonly shards: number; readonly estimatedRows: number },
  ranges: readonly ShardRecord[],
): string[] {
  const more = shards - ranges.length;
  return [
    `  shards  ${shards}, about ${many(estimatedRows, 'row', 'rows')}`,
    ...ranges.map(({ shard, range }) => `    ${shard}: ${rangeText(range)}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function statementLines(plan: TablePlan, shard: ShardRecord | undefined): string[] {
  const range = shard?.range ?? { after: null, upTo: null };
  return SIDES.map((side) => {
    const sql = plan.multiset
      ? new MultisetSql(plan, side).sums(range)
      : new SideSql(plan, side).rowsInOrder(range, STREAM_ROWS_FIRST).sql;
    return `  reads ${side.padEnd(6)} ${sql}`;
  });
}

function rangeText({ after, upTo }: KeyRange): string {
  return `(${after ? keyText(after) : '−∞'}, ${upTo ? `${keyText(upTo)}]` : '+∞)'}`;
}

function keyText(key: KeyTuple): string {
  return key.length === 1 ? (key[0] as string) : `(${key.join(', ')})`;
}

function fenceWords(fence: WholeRun['spec']['recheck']['fence']): string {
  if (fence === 'off') return '';
  if (fence === 'auto') return ', behind a fence where one server replicates from the other';
  const value =
    fence.kind === 'heartbeat'
      ? `the heartbeat in ${fence.table}.${fence.column}`
      : 'the queries of the spec';
  return `, and when ${value} has passed from the ${fence.upstream} to the other side`;
}

function recheckWords({ delaysMs, stillMs, fence }: WholeRun['spec']['recheck']): string {
  const fenced = fenceWords(fence);
  if (delaysMs) return `recheck after ${delaysMs.join(', ')} ms${fenced}`;
  const time = stillMs === 'auto' ? '5 s or longer' : `${stillMs} ms`;
  return `a difference counts when it stands still for ${time}${fenced}`;
}
