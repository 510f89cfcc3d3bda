/** Puts together what one attempt at a shard needs, runs it, and lets go of everything again. */
import {
  type Counts,
  directionOf,
  type Outcome,
  type RunRecord,
  type ShardRecord,
  type TablePlan,
} from '@rowparity/contracts';
import {
  type Clock,
  type EventSink,
  Fault,
  type Hold,
  type Ledger,
  mapSides,
  type RowReader,
  type ShardEnd,
  type Side,
  type Sides,
  validateShard,
} from '@rowparity/core';
import { type SessionShelf, SqlRowReader } from '@rowparity/mysql';
import type { Log } from '@rowparity/runtime';
import { orLedgerLost } from './ledgerLost.ts';

export interface ShardParts {
  readonly ledger: Ledger;
  /** The run's record; its spec and plan do not change once shards are worked on. */
  runOf(runId: string): Promise<RunRecord>;
  /** Throws CONNECTION_UNKNOWN. */
  shelf(ref: string): SessionShelf;
  /** A sink for one attempt at one shard. */
  sinkFor(run: RunRecord): EventSink;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process in the ledger. */
  readonly holder: string;
  onCommit(add: Counts): void;
  onEnd(outcome: Outcome, add: Counts): void;
}

export async function runShard(
  shard: ShardRecord,
  hold: Hold,
  parts: ShardParts,
  signal: AbortSignal,
): Promise<ShardEnd> {
  const run = await orLedgerLost(parts.runOf(hold.runId));
  const table = run.tables[shard.table];
  if (!table?.plan) throw brokenPlan(shard);
  const shelves = shelvesOf(run, parts);
  const pages = readersOf(shelves, table.plan);
  const points = readersOf(shelves, table.plan);
  const sink = parts.sinkFor(run);
  const context = { runId: run.runId, direction: directionOf(run.spec), table: table.name, plan: table.plan };
  const { range, checkpoint, counts } = shard;
  try {
    return await validateShard(
      { context, shard: shard.shard, range, checkpoint, counts, policy: run.spec },
      { pages, points, sink, clock: parts.clock, commit: (progress) => commit(hold, progress, parts) },
      signal,
    );
  } finally {
    await Promise.all([pages.base, pages.target, points.base, points.target].map((reader) => reader.close()));
  }
}

async function commit(
  hold: Hold,
  progress: Parameters<Ledger['commit']>[1],
  { ledger, clock, onCommit }: ShardParts,
) {
  const written = await orLedgerLost(ledger.commit(hold, progress, clock.now()));
  if (written.kind === 'written') onCommit(progress.add);
  return written;
}

function shelvesOf({ spec }: RunRecord, parts: ShardParts): Sides<SessionShelf> {
  const refs =
    directionOf(spec) === 'SRC'
      ? { base: spec.source, target: spec.destination }
      : { base: spec.destination, target: spec.source };
  return mapSides(refs, (ref) => parts.shelf(ref));
}

function readersOf(shelves: Sides<SessionShelf>, plan: TablePlan): Sides<RowReader> {
  return mapSides(shelves, (shelf, side: Side) => new SqlRowReader(shelf, plan, side));
}

function brokenPlan(shard: ShardRecord): Fault {
  return new Fault('invariant', {
    code: 'INTERNAL',
    message: `Shard ${shard.shard} belongs to table ${shard.table}, which has no plan.`,
  });
}
