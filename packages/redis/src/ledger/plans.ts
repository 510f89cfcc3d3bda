/** Plans in the Redis ledger: written once, in order, without gaps; then taken shard by shard. */
import { Fault } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import { brokenRule, type LedgerStore } from './ledgerStore.ts';
import { settleArgs } from './runs.ts';
import { encodePlanned } from './shardRecords.ts';

/** Shards in one script: about 2 ms of Redis's only thread. */
const ADD_SLICE = 1000;
/** Shards opened in one script, for the same reason; the window of a run is at most ten times this. */
const OPEN_SLICE = 1000;

type Plans = Pick<
  Ledger,
  'beginPlanning' | 'addShards' | 'completePlan' | 'refusePlan' | 'openShards' | 'listOpenShards'
>;

export function plansOf(store: LedgerStore): Plans {
  const { redis, run } = store;
  return {
    async beginPlanning(runId) {
      const name = store.nameWrite();
      const [kind, detail] = await run('beginPlanning', store.keysOf(runId), [name]);
      if (kind === 'unknown') throw brokenRule(runId, 'expected a known run to plan, found none.');
      if (kind === 'refused')
        throw brokenRule(runId, `expected a run without a plan, found one that is ${detail}.`);
      return { runId, name };
    },

    async addShards({ runId, name }, shards) {
      expectInOrder(
        runId,
        shards.map(({ shard }) => shard),
      );
      for (let at = 0; at < shards.length; at += ADD_SLICE) {
        const slice = shards.slice(at, at + ADD_SLICE);
        const args = [name, slice[0]?.shard ?? 0, ...slice.map(encodePlanned)];
        const [kind, detail] = await run('addShards', store.keysOf(runId), args);
        if (kind === 'fenced') return { kind };
        if (kind === 'gap') throw forgotten(runId, detail);
        if (kind !== 'added') throw brokenRule(runId, whyNotAdded(String(kind), String(detail)));
      }
      return { kind: 'written' };
    },

    async completePlan({ runId, name }, tables, now, servers) {
      const args = [
        name,
        JSON.stringify(tables),
        now,
        servers ? JSON.stringify(servers) : '',
        ...tables.map(({ shards }) => shards),
      ];
      const [kind, place, found] = await run('completePlan', store.keysOf(runId), args);
      if (kind === 'miscounted' && Number(found) < (tables[Number(place)]?.shards ?? 0))
        throw forgotten(runId, found);
      if (kind === 'miscounted') {
        throw brokenRule(
          runId,
          `the plan's table ${place} says another number of shards than the ${found} written.`,
        );
      }
      if (kind === 'untiled') throw brokenRule(runId, whyNotAdded('untiled', String(place)));
      return { kind: kind === 'fenced' || kind === 'over' ? kind : 'written' };
    },

    async refusePlan({ runId, name }, failure, now) {
      const [kind] = await run('settle', store.keysOf(runId), [
        ...settleArgs(store, { runId, verdict: 'inconclusive', failure, now }),
        name,
      ]);
      return { kind: kind === 'settled' ? 'written' : kind === 'fenced' ? 'fenced' : 'over' };
    },

    async openShards(runId, window) {
      const taken: number[] = [];
      for (;;) {
        const slice = await run('openShards', store.keysOf(runId), [window, OPEN_SLICE]);
        taken.push(...slice.map(Number));
        if (slice.length < OPEN_SLICE) return taken;
      }
    },

    async listOpenShards(runId) {
      const members = await orRedisFault(redis.smembers(store.keysOf(runId).open));
      return members.map(Number).sort((a, b) => a - b);
    },
  };
}

function expectInOrder(runId: string, indexes: readonly number[]): void {
  const first = indexes[0] ?? 0;
  const wrong = indexes.findIndex((index, place) => index !== first + place);
  if (wrong >= 0)
    throw brokenRule(runId, `expected shard ${first + wrong} of the plan, found ${indexes[wrong]}.`);
}

/** Every write of a plan follows the one before: where one is missing, a failover lost what Redis had acknowledged. */
function forgotten(runId: string, found: unknown): Fault {
  const message = `Run ${runId}: Redis has only ${found} of the planned shards that it had acknowledged. The run is planned anew.`;
  return new Fault('transient', { code: 'CONNECTION_LOST', message }, { place: 'ledger' });
}

function whyNotAdded(kind: string, detail: string): string {
  const reasons: Readonly<Record<string, string>> = {
    refused: `expected a run that is planning, found one that is ${detail}.`,
    conflict: `shard ${detail} is planned with another range.`,
    untiled: `the range of shard ${detail} does not continue its table's plan: expected ranges from open to open without gap or overlap.`,
  };
  return reasons[kind] ?? `the plan was not written: ${kind} ${detail}`;
}
