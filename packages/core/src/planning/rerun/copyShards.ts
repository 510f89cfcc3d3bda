/** The shards of a settled run as those of a new plan: in the order of their ranges, with what is inherited. */
import {
  type BasedOn,
  type InheritedShards,
  isRecheck,
  type PlannedShard,
  RERUN_SHARDS_MAX,
  type ShardRecord,
} from '@rowparity/contracts';
import type { InheritedShard } from '../../ports/ledger/planStore.ts';
import { type BaseRun, type RerunReadings, unusable } from './baseRun.ts';

const SHARDS_A_READ = 1000;

export interface CopiedShard {
  readonly planned: PlannedShard;
  /** Absent: it is compared anew. */
  readonly inherited?: InheritedShard;
}

/** Throws RERUN_REFUSED when the ranges of the run do not tile. */
export async function copyShards(
  base: BaseRun,
  { runId, only }: BasedOn,
  ledger: Pick<RerunReadings, 'listShards'>,
): Promise<readonly CopiedShard[]> {
  const { shards } = base.header;
  if (shards > RERUN_SHARDS_MAX)
    throw unusable(runId, `it has ${shards} shards, and at most ${RERUN_SHARDS_MAX} can be copied`);
  if (isRecheck(base.spec)) throw unusable(runId, 'it looked at known differences only, and has no ranges');
  // What they came to is in the known differences of that run; the ranges cover their keys, too.
  const records = (await readShards(base, ledger)).filter(({ keys }) => keys === undefined);
  const asked: ReadonlySet<string> = new Set(only);
  return inOrder(base, records).map((record, shard) => {
    const { table, range, outcome } = record;
    const planned = { shard, table, range };
    if (outcome === null || asked.has(outcome)) return { planned };
    const { state: _, table: __, range: ___, holder: ____, ...kept } = record;
    return { planned, inherited: { ...kept, shard, outcome, inheritedFrom: record.inheritedFrom ?? runId } };
  });
}

async function readShards(
  { header }: BaseRun,
  ledger: Pick<RerunReadings, 'listShards'>,
): Promise<readonly ShardRecord[]> {
  const records: ShardRecord[] = [];
  while (records.length < header.shards) {
    const read = await ledger.listShards(header.runId, records.length, SHARDS_A_READ);
    if (read.length === 0) throw unusable(header.runId, 'some of its shards are not in the ledger any more');
    records.push(...read);
  }
  return records;
}

/** A shard that was split off stands at the end of its run's plan. In the new plan it follows the one before it. */
function inOrder({ header, plan }: BaseRun, records: readonly ShardRecord[]): readonly ShardRecord[] {
  const startOf = (table: number, key: readonly string[] | null) => `${table} ${JSON.stringify(key)}`;
  const byStart = new Map(records.map((record) => [startOf(record.table, record.range.after), record]));
  const ordered: ShardRecord[] = [];
  for (const [table, { shards, follows }] of plan.tables.entries()) {
    if (shards === (follows?.keyShards ?? 0)) continue;
    for (let next: readonly string[] | null | undefined = null; next !== undefined; ) {
      const record = byStart.get(startOf(table, next));
      if (!record || ordered.length > records.length) throw unusable(header.runId, 'its ranges have a gap');
      ordered.push(record);
      next = record.range.upTo ?? undefined;
    }
  }
  if (ordered.length !== records.length) throw unusable(header.runId, 'its ranges overlap');
  return ordered;
}

/** Undefined where none is inherited. */
export function inheritedBy(shards: readonly CopiedShard[]): InheritedShards | undefined {
  const all = shards.flatMap(({ inherited }) => (inherited ? [inherited] : []));
  if (all.length === 0) return undefined;
  const times = (time: 'claimedAt' | 'finishedAt') => all.map((shard) => shard[time] ?? 0);
  return {
    shards: all.length,
    rows: all.reduce((sum, { counts }) => sum + counts.rowsBase + counts.rowsTarget, 0),
    from: times('claimedAt').reduce((first, time) => Math.min(first, time)),
    to: times('finishedAt').reduce((last, time) => Math.max(last, time)),
  };
}
