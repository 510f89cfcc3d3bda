/**
 * The map of a run from the marks of its shards. They are read a page at a time and counted, so memory grows with the
 * cells and with the shards that were split off, and not with the shards of the plan.
 */
import { MAP_CELLS_DEFAULT, type ShardMap, type ShardMapQuery } from '@rowparity/contracts';
import type { PlanReader } from '../ledgering/plannedRun.ts';
import { readWholeRun, type WholeRun, type WholeRunReadings } from '../ledgering/wholeRun.ts';
import type { LedgerReadings, ShardMark } from '../ports/ledger.ts';
import { MapCells } from './mapCells.ts';
import { Timeline } from './timeline.ts';

/** Some hundred kilobytes; a store answers others in between. */
const PAGE_SHARDS = 1000;

export interface ShardMapDeps {
  readonly ledger: WholeRunReadings & Pick<LedgerReadings, 'listShardMarks'>;
  readonly readPlan?: PlanReader | undefined;
}

/** Undefined for an unknown run. */
export async function shardMapOf(
  runId: string,
  { ledger, readPlan, cells: asked = MAP_CELLS_DEFAULT }: ShardMapDeps & ShardMapQuery,
  now: number,
): Promise<ShardMap | undefined> {
  const run = await readWholeRun(runId, ledger, readPlan);
  if (!run) return undefined;
  const planned = run.tables.map(({ shards }) => shards);
  const plan = planned.reduce((sum, shards) => sum + shards, 0);
  const cells = new MapCells(planned, asked);
  const timeline = timelineOf(run, now);
  let shards = 0;
  const read = async (
    range: { readonly from: number; readonly upTo: number },
    add: (mark: ShardMark) => void,
  ) => {
    for await (const marks of marksIn(runId, range, ledger)) {
      shards += marks.length;
      for (const mark of marks) {
        add(mark);
        timeline?.add(mark);
      }
    }
  };
  await read({ from: plan, upTo: run.shards }, (mark) => cells.addSplit(mark));
  await read({ from: 0, upTo: plan }, (mark) => cells.addPlanned(mark));
  return {
    runId,
    at: now,
    shards,
    tables: run.tables.map(({ name }, i) => ({
      name,
      shards: planned[i] ?? 0,
      cells: cells.tables[i] ?? [],
    })),
    timeline: timeline?.told() ?? null,
  };
}

function timelineOf({ comparedFrom, comparedTo, state }: WholeRun, now: number): Timeline | null {
  if (comparedFrom === undefined) return null;
  return new Timeline(comparedFrom, state === 'settled' ? (comparedTo ?? now) : now);
}

async function* marksIn(
  runId: string,
  { from, upTo }: { readonly from: number; readonly upTo: number },
  ledger: Pick<LedgerReadings, 'listShardMarks'>,
): AsyncGenerator<readonly ShardMark[]> {
  for (let next = from; next < upTo; ) {
    const marks = await ledger.listShardMarks(runId, next, Math.min(PAGE_SHARDS, upTo - next));
    if (marks.length === 0) return;
    yield marks;
    next += marks.length;
  }
}
