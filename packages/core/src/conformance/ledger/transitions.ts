/** Walks the tables of core/ledgering/transitions.ts: every call in every state, its answer and where it leads. */
import { describe, expect, it } from 'vitest';
import {
  type Answer,
  RUN_TRANSITIONS,
  type RunCall,
  type RunCondition,
  SHARD_TRANSITIONS,
  type ShardCall,
  type ShardCondition,
} from '../../ledgering/transitions.ts';
import type { Planning } from '../../ports/ledger.ts';
import {
  type Attempt,
  type Bench,
  inheritedShard,
  plannedRun,
  REFUSED,
  RUN,
  STRIKES_MAX,
  specOf,
  tablesOf,
  tiledPlan,
} from './bench.ts';
import { knownRow } from './known.ts';

/** Of one table; the walk holds the first shard, and the second one can be opened. */
const SHARDS = [2];
const HELD = 0;

interface Walked {
  readonly bench: Bench;
  readonly planning: Planning;
  readonly held: Attempt;
}

export function testTransitions(bench: Bench): void {
  describe('a run', () => {
    it.each(cellsOf(RUN_TRANSITIONS))('$condition × $call: $transition', async (cell) => {
      const walked = await bringRunTo(cell.condition, bench);
      const [answer, condition = cell.condition] = cell.transition.split(' → ');
      expect(await RUN_CALLS[cell.call](walked)).toBe(answer);
      expect(await runCondition(bench)).toBe(condition);
    });
  });
  describe('a shard', () => {
    it.each(cellsOf(SHARD_TRANSITIONS))('$condition × $call: $transition', async (cell) => {
      const held = await bringShardTo(cell.condition, bench);
      const [answer, condition = cell.condition] = cell.transition.split(' → ');
      expect(await SHARD_CALLS[cell.call]({ bench, held })).toBe(answer);
      expect(await shardCondition(bench)).toBe(condition);
    });
  });
}

function cellsOf<Condition extends string, Call extends string>(
  table: Readonly<Record<Condition, Readonly<Record<Call, string>>>>,
) {
  return (Object.keys(table) as Condition[]).flatMap((condition) =>
    (Object.keys(table[condition]) as Call[]).map((call) => ({
      ...{ condition, call },
      transition: table[condition][call],
    })),
  );
}

const NO_HOLD: Attempt = { runId: RUN, shard: HELD, attempt: 1 };

async function bringRunTo(condition: RunCondition, bench: Bench): Promise<Walked> {
  const { ledger } = bench;
  const nothing = { bench, planning: { runId: RUN, name: 'nothing' }, held: NO_HOLD };
  if (condition === 'unknown') return nothing;
  await ledger.createRun(specOf(RUN), 1000);
  if (condition === 'accepted') return nothing;
  const planning = await ledger.beginPlanning(RUN);
  await ledger.addShards(planning, tiledPlan(SHARDS));
  if (condition === 'planning') return { ...nothing, planning };
  await ledger.completePlan(planning, { tables: tablesOf(SHARDS), now: 2000 });
  const held = await bench.hold(HELD);
  if (condition === 'paused') await ledger.pause(RUN, 2500);
  if (condition === 'cancelRequested') await ledger.requestCancel(RUN);
  if (condition === 'settled')
    await ledger.settle(RUN, { verdict: 'inconclusive', failure: REFUSED, now: 3000 });
  return { bench, planning, held };
}

async function runCondition({ ledger }: Bench): Promise<RunCondition> {
  const run = await ledger.getRun(RUN);
  if (!run) return 'unknown';
  if (run.state !== 'running') return run.state;
  if (run.cancelRequested) return 'cancelRequested';
  return run.pausedAt === null ? 'running' : 'paused';
}

const SHARD_CALLS: Readonly<Record<ShardCall, (walked: Pick<Walked, 'bench' | 'held'>) => Promise<Answer>>> =
  {
    claim: async ({ bench, held }) => (await bench.claim(held.shard, 'other')).kind,
    commit: async ({ bench, held }) => (await bench.commit(held, { rowsBase: 1 }, ['100'])).kind,
    finish: async ({ bench, held }) => (await bench.finish(held)).kind,
    split: async ({ bench, held }) => (await bench.split(held, [['500']])).kind,
    release: async ({ bench, held }) => (await bench.release(held)).kind,
  };

const RUN_CALLS: Readonly<Record<RunCall, (walked: Walked) => Promise<Answer>>> = {
  createRun: async ({ bench }) => (await bench.ledger.createRun(specOf(RUN), 9000)).kind,
  createOtherRun: async ({ bench }) => {
    const other = specOf(RUN, { direction: 'DST' });
    return (await bench.ledger.createRun(other, 9000)).kind;
  },
  beginPlanning: ({ bench }) => orRefused(bench.ledger.beginPlanning(RUN).then(() => 'begun')),
  addShards: ({ bench, planning }) =>
    orRefused(bench.ledger.addShards(planning, tiledPlan(SHARDS)).then(({ kind }) => kind)),
  inheritShards: ({ bench, planning }) =>
    orRefused(bench.ledger.inheritShards(planning, [inheritedShard(HELD)]).then(({ kind }) => kind)),
  carryKnown: ({ bench, planning }) =>
    orRefused(bench.ledger.carryKnown(planning, [{ table: 0, ...knownRow(1) }]).then(({ kind }) => kind)),
  completePlan: async ({ bench, planning }) =>
    (await bench.ledger.completePlan(planning, { tables: tablesOf(SHARDS), now: 9000 })).kind,
  refusePlan: async ({ bench, planning }) => (await bench.ledger.refusePlan(planning, REFUSED, 9000)).kind,
  openShards: async ({ bench }) => ((await bench.ledger.openShards(RUN, 10)).length > 0 ? 'opened' : 'none'),
  ...SHARD_CALLS,
  requestCancel: async ({ bench }) => ((await bench.ledger.requestCancel(RUN)) ? 'cancelled' : 'nothing'),
  pause: async ({ bench }) => ((await bench.ledger.pause(RUN, 9000)) ? 'paused' : 'nothing'),
  resume: async ({ bench }) => ((await bench.ledger.resume(RUN, 9000)) ? 'resumed' : 'nothing'),
  settle: async ({ bench }) => {
    const end = { verdict: 'inconclusive', failure: REFUSED, now: 9000 } as const;
    return (await bench.ledger.settle(RUN, end)) ? 'settled' : 'nothing';
  },
  deleteRun: ({ bench }) => bench.ledger.deleteRun(RUN),
};

async function orRefused(call: Promise<Answer>): Promise<Answer> {
  return call.catch((error: unknown) => {
    expect(error).toMatchObject({ class: 'invariant', code: 'INTERNAL' });
    return 'refused';
  });
}

async function bringShardTo(condition: ShardCondition, bench: Bench): Promise<Attempt> {
  await plannedRun(bench.ledger, SHARDS);
  let held = await bench.hold(HELD);
  if (condition === 'planned') await bench.release(held);
  if (condition === 'done') await bench.finish(held);
  if (condition === 'struckOut')
    for (let strikes = 1; strikes < STRIKES_MAX; strikes += 1) held = await bench.hold(HELD);
  return held;
}

/** Strikes show only in the next claim, so this must be the last check of the shard. */
async function shardCondition(bench: Bench): Promise<ShardCondition> {
  const shard = await bench.ledger.getShard(RUN, HELD);
  if (shard?.state !== 'running') return shard?.state ?? 'planned';
  return (await bench.claim(HELD)).kind === 'exhausted' ? 'struckOut' : 'running';
}
