/** Plans in the Redis ledger: written once, in order, without gaps; then taken shard by shard. */
import { Fault, type KnownDifference, type RunState } from '@rowparity/contracts';
import {
  brokenRule,
  type InheritedShard,
  miscounted,
  notInPlan,
  notPlannable,
  notPlanning,
  otherRange,
  outOfOrder,
  type Planning,
  type PlanStore,
  type PlanWriteResult,
  untiled,
} from '@rowparity/core';
import { encodeKnown } from './knownRecords.ts';
import type { LedgerStore } from './ledgerStore.ts';
import { settleArgs } from './runs.ts';
import { encodeInherited, encodePlanned, FAILURES_KEPT_MAX } from './shardRecords.ts';

/** Shards in one script: about 2 ms of Redis's only thread. */
const ADD_SLICE = 1000;
/** Each adds its counts to the totals. */
const INHERIT_SLICE = 200;
const CARRY_SLICE = 500;
/** Shards opened in one script, for the same reason; the window of a run is at most ten times this. */
const OPEN_SLICE = 1000;

export function plansOf(store: LedgerStore): PlanStore {
  const { run } = store;
  return {
    async beginPlanning(runId) {
      const name = store.nameWrite();
      const [kind, detail] = await run('beginPlanning', store.keysOf(runId), [name]);
      if (kind === 'refused') throw notPlannable(runId, detail as RunState | 'unknown');
      return { runId, name };
    },

    async addShards({ runId, name }, shards) {
      expectInOrder(
        runId,
        shards.map(({ shard }) => shard),
      );
      for (let first = 0; first < shards.length; first += ADD_SLICE) {
        const slice = shards.slice(first, first + ADD_SLICE);
        const args = [name, slice[0]?.shard ?? 0, ...slice.map(encodePlanned)];
        const [kind, detail] = await run('addShards', store.keysOf(runId), args);
        if (kind === 'fenced') return { kind };
        if (kind === 'gap') throw forgotten(runId, detail);
        if (kind !== 'added') throw notAdded(runId, String(kind), detail);
      }
      return { kind: 'written' };
    },

    inheritShards: (planning, shards) => inheritShards(store, planning, shards),

    carryKnown: (planning, rows) => carryKnown(store, planning, rows),

    async completePlan({ runId, name }, { now, ...plan }) {
      const { tables } = plan;
      const args = [name, JSON.stringify(plan), now, ...tables.map(({ shards }) => shards)];
      const [kind, place, found] = await run('completePlan', store.keysOf(runId), args);
      if (kind === 'miscounted') {
        const expected = tables[Number(place)]?.shards ?? 0;
        throw Number(found) < expected
          ? forgotten(runId, found)
          : miscounted(runId, { expected, found: Number(found) });
      }
      if (kind === 'untiled') throw untiled(runId, Number(place));
      return { kind: kind === 'fenced' || kind === 'over' ? kind : 'written' };
    },

    async refusePlan({ runId, name }, failure, now) {
      const [kind] = await run('settle', store.keysOf(runId), [
        ...settleArgs(store, runId, { verdict: 'inconclusive', failure, now }),
        name,
      ]);
      if (kind === 'settled') return { kind: 'written' };
      return { kind: kind === 'fenced' ? 'fenced' : 'over' };
    },

    async openShards(runId, window) {
      const taken: number[] = [];
      for (;;) {
        const slice = await run('openShards', store.keysOf(runId), [window, OPEN_SLICE]);
        taken.push(...slice.map(Number));
        if (slice.length < OPEN_SLICE) return taken;
      }
    },
  };
}

async function inheritShards(
  { run, keysOf }: LedgerStore,
  { runId, name }: Planning,
  shards: readonly InheritedShard[],
): Promise<PlanWriteResult> {
  for (let first = 0; first < shards.length; first += INHERIT_SLICE) {
    const slice = shards.slice(first, first + INHERIT_SLICE);
    const states = slice.flatMap((shard) => [shard.shard, encodeInherited(shard)]);
    const [kind, detail] = await run('inheritShards', keysOf(runId), [name, FAILURES_KEPT_MAX, ...states]);
    if (kind === 'fenced') return { kind };
    if (kind === 'unplanned') throw notInPlan(runId, Number(detail));
    if (kind !== 'inherited') throw notAdded(runId, String(kind), detail);
  }
  return { kind: 'written' };
}

async function carryKnown(
  { run, keysOf }: LedgerStore,
  { runId, name }: Planning,
  rows: readonly KnownDifference[],
): Promise<PlanWriteResult> {
  for (let first = 0; first < Math.max(1, rows.length); first += CARRY_SLICE) {
    const slice = rows.slice(first, first + CARRY_SLICE);
    const texts = slice.flatMap(({ table, ...row }) => [table, encodeKnown(row)]);
    const [kind, detail] = await run('carryKnown', keysOf(runId), [name, ...texts]);
    if (kind === 'fenced') return { kind };
    if (kind !== 'carried') throw notAdded(runId, String(kind), detail);
  }
  return { kind: 'written' };
}

function expectInOrder(runId: string, indexes: readonly number[]): void {
  const first = indexes[0] ?? 0;
  const wrong = indexes.findIndex((index, place) => index !== first + place);
  if (wrong >= 0) throw outOfOrder(runId, { expected: first + wrong, found: Number(indexes[wrong]) });
}

/** Every write of a plan follows the one before. If one is missing, a failover lost acknowledged writes. */
function forgotten(runId: string, found: unknown): Fault {
  const message = `Run ${runId}: Redis has only ${found} of the planned shards that it had acknowledged. The run is planned anew.`;
  return new Fault('transient', { code: 'CONNECTION_LOST', message }, { place: 'ledger' });
}

function notAdded(runId: string, kind: string, detail: unknown): Fault {
  switch (kind) {
    case 'refused':
      return notPlanning(runId, detail as RunState | 'unknown');
    case 'conflict':
      return otherRange(runId, Number(detail));
    case 'untiled':
      return untiled(runId, Number(detail));
    default:
      return brokenRule(runId, `the plan was not written: ${kind} ${String(detail)}`);
  }
}
