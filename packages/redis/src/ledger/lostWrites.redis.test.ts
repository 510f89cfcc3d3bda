import {
  type Counts,
  type KeyTuple,
  type PlannedShard,
  type RunHeader,
  zeroCounts,
} from '@rowparity/contracts';
import { type Hold, type Ledger, type Planning, reportOf, settleRun } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acceptedRun, oneShardRun, RUN } from '../testing/oneShardRun.ts';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { createRedisLedger } from './createRedisLedger.ts';

/**
 * Redis loses the last acknowledged writes when it promotes a replica that lags. The tests put every key back to an
 * earlier value. The ledger must then refuse workers that still write, and the lost work must be done again.
 */

let test: TestRedis;
let ledger: ReturnType<typeof createRedisLedger>;

beforeEach(async () => {
  test = testRedis('ledger');
  ledger = createRedisLedger(test.redis, { clock: systemClock, prefix: test.prefix });
  await oneShardRun(ledger);
  await ledger.openShards(RUN, 1);
});

afterEach(() => test.cleanUp());

async function claim(holder: string): Promise<Hold> {
  const claimed = await ledger.claim({ runId: RUN, shard: 0, holder, strikesMax: 10, now: 3 });
  if (claimed.kind !== 'claimed') throw new Error(`expected to claim the shard, found ${claimed.kind}`);
  return claimed.hold;
}

function rows(count: number, checkpoint: KeyTuple | null): { checkpoint: KeyTuple | null; add: Counts } {
  return { checkpoint, add: { ...zeroCounts(), rowsBase: count, rowsTarget: count } };
}

async function commit(hold: Hold, count: number, checkpoint: KeyTuple): Promise<Hold> {
  const written = await ledger.commit(hold, rows(count, checkpoint), 4);
  if (written.kind !== 'written') throw new Error(`expected to commit, found ${written.kind}`);
  return written.hold;
}

function finish(hold: Hold, count: number) {
  return ledger.finish(hold, { ...rows(count, null), outcome: 'match', failure: null }, 5);
}

/** Puts everything back to now. */
async function remembered(): Promise<() => Promise<void>> {
  const names = await test.redis.keys(`*${test.prefix}*`);
  const values = await Promise.all(names.map((name) => test.redis.dumpBuffer(name)));
  expect(names.length).toBeGreaterThan(3);
  return async () => {
    await test.redis.del(await test.redis.keys(`*${test.prefix}*`));
    for (const [i, name] of names.entries())
      await test.redis.restore(name, 0, values[i] as unknown as string);
  };
}

/** A failover happens between the reading of the run and of its totals. */
function forgettingAtTotals(forget: () => Promise<void>): Ledger {
  return {
    ...ledger,
    async totals(runId) {
      await forget();
      return ledger.totals(runId);
    },
  };
}

async function expectOneRunOf20Rows(): Promise<void> {
  const [totals] = await ledger.totals(RUN);
  expect(totals?.counts).toMatchObject({ rowsBase: 20, rowsTarget: 20 });
  expect(totals?.shards).toMatchObject({ planned: 0, running: 0 });
  expect(await ledger.listOpenShards(RUN)).toEqual([]);
}

it('a lost commit: what would build on it is refused, and its rows are counted once after all', async () => {
  const first = await claim('worker-1');
  const forget = await remembered();
  const later = await commit(first, 10, ['10']);
  await forget();
  expect(await ledger.commit(later, rows(5, ['15']), 4)).toEqual({ kind: 'fenced' });
  expect(await finish(later, 10)).toEqual({ kind: 'fenced' });
  const again = await claim('worker-2');
  expect(await ledger.getShard(RUN, 0)).toMatchObject({ checkpoint: null, counts: zeroCounts() });
  await finish(again, 20);
  await expectOneRunOf20Rows();
});

it('a lost claim: the next one has the same number, and only one of the two can write', async () => {
  const forget = await remembered();
  const lost = await claim('worker-1');
  await forget();
  expect(await ledger.commit(lost, rows(5, ['5']), 4)).toEqual({ kind: 'fenced' });
  const second = await claim('worker-2');
  expect(second.attempt).toBe(lost.attempt);
  expect(await ledger.commit(lost, rows(5, ['5']), 4)).toEqual({ kind: 'fenced' });
  expect(await ledger.release(lost)).toEqual({ kind: 'fenced' });
  await finish(await commit(second, 15, ['15']), 5);
  await expectOneRunOf20Rows();
});

it('a lost split: the shard that was cut short does not pass for the whole', async () => {
  const hold = await commit(await claim('worker-1'), 5, ['5']);
  const forget = await remembered();
  const split = await ledger.split(hold, [['10']]);
  if (split.kind !== 'written') throw new Error(`expected to split, found ${split.kind}`);
  await forget();
  expect(await finish(split.hold, 5)).toEqual({ kind: 'fenced' });
  const again = await claim('worker-2');
  expect(await ledger.getShard(RUN, 0)).toMatchObject({
    range: { after: null, upTo: null },
    checkpoint: ['5'],
  });
  await finish(again, 15);
  await expectOneRunOf20Rows();
});

it('a lost finish under a verdict: it is not told before the shard is done again', async () => {
  const hold = await claim('worker-1');
  const forget = await remembered();
  await finish(hold, 20);
  const basis = { changed: [], doneShards: 1 };
  await forget();
  expect(await ledger.settle(RUN, { verdict: 'consistent', failure: null, now: 9, basis })).toBe(false);
  await finish(await claim('worker-2'), 20);
  expect(await ledger.settle(RUN, { verdict: 'consistent', failure: null, now: 9, basis })).toBe(true);
  await expectOneRunOf20Rows();
});

function settle(run: RunHeader, answering: Ledger) {
  const catalog = () => {
    throw new Error('expected no question to a server: the only table has no plan');
  };
  return settleRun(run, { ledger: answering, clock: STANDING, catalog }, new AbortController().signal);
}

const STANDING = {
  now: () => 9,
  steadyNow: () => 9,
  sleep: () => Promise.reject(new Error('expected no wait')),
};

it('a finish that is lost while the verdict is made: none is told of a part of the shards', async () => {
  const hold = await claim('worker-1');
  const forget = await remembered();
  await finish(hold, 20);
  const run = (await ledger.getRun(RUN)) as RunHeader;
  expect(await settle(run, forgettingAtTotals(forget))).toBeUndefined();
  expect(await ledger.getRun(RUN)).toMatchObject({ state: 'running', verdict: null });
  await finish(await claim('worker-2'), 20);
  expect(await settle(run, ledger)).toBe('inconclusive');
});

it('a settling that is lost while the report is made: the run is reported as it is now', async () => {
  const hold = await claim('worker-1');
  const forget = await remembered();
  await finish(hold, 20);
  expect(
    await ledger.settle(RUN, {
      verdict: 'inconsistent',
      failure: null,
      now: 9,
      basis: { changed: [], doneShards: 1 },
    }),
  ).toBe(true);
  const now = { state: 'running', verdict: null, percent: 0 };
  expect(await reportOf(RUN, { ledger: forgettingAtTotals(forget) }, 10)).toMatchObject(now);
});

it('a lost finish: the shard is open again and is finished by another', async () => {
  const hold = await commit(await claim('worker-1'), 15, ['15']);
  const forget = await remembered();
  expect(await finish(hold, 5)).toEqual({ kind: 'written' });
  await forget();
  expect(await ledger.listOpenShards(RUN)).toEqual([0]);
  await finish(await claim('worker-2'), 5);
  await expectOneRunOf20Rows();
});

const NEW = 'run-2';
const PLAN: readonly PlannedShard[] = [
  { shard: 0, table: 0, range: { after: null, upTo: ['10'] } },
  { shard: 1, table: 0, range: { after: ['10'], upTo: null } },
];
const TABLES = [
  { names: { source: 't', destination: 't' }, plan: null, refusal: null, shards: 2, estimatedRows: 20 },
];
const FAILURE = { code: 'INTERNAL', message: 'no plan' } as const;
const LOST = { class: 'transient', place: 'ledger' };

async function planAnew(): Promise<Planning> {
  const planning = await ledger.beginPlanning(NEW);
  expect(await ledger.addShards(planning, PLAN)).toEqual({ kind: 'written' });
  expect(await ledger.completePlan(planning, { tables: TABLES, now: 20 })).toEqual({ kind: 'written' });
  expect(await ledger.getRun(NEW)).toMatchObject({ state: 'running', shards: 2, plannedAt: 20 });
  return planning;
}

it('a lost part of a plan: a fault of the ledger, which has the run planned anew', async () => {
  await acceptedRun(ledger, NEW);
  const planning = await ledger.beginPlanning(NEW);
  const forget = await remembered();
  await ledger.addShards(planning, PLAN.slice(0, 1));
  await forget();
  await expect(ledger.addShards(planning, PLAN.slice(1))).rejects.toMatchObject(LOST);
  await planAnew();
});

it('a lost end of a plan: it is not completed without', async () => {
  await acceptedRun(ledger, NEW);
  const planning = await ledger.beginPlanning(NEW);
  await ledger.addShards(planning, PLAN.slice(0, 1));
  const forget = await remembered();
  await ledger.addShards(planning, PLAN.slice(1));
  await forget();
  await expect(ledger.completePlan(planning, { tables: TABLES, now: 10 })).rejects.toMatchObject(LOST);
  await planAnew();
});

it('a lost beginning of a planning: the next one is not mistaken for it', async () => {
  await acceptedRun(ledger, NEW);
  const forget = await remembered();
  const lost = await ledger.beginPlanning(NEW);
  await forget();
  const expectFenced = async () => {
    expect(await ledger.addShards(lost, PLAN)).toEqual({ kind: 'fenced' });
    expect(await ledger.completePlan(lost, { tables: TABLES, now: 10 })).toEqual({ kind: 'fenced' });
    expect(await ledger.refusePlan(lost, FAILURE, 10)).toEqual({ kind: 'fenced' });
  };
  await expectFenced();
  await ledger.beginPlanning(NEW);
  await expectFenced();
  await planAnew();
});

it('a lost plan: who claims a shard of the next one is told so', async () => {
  await acceptedRun(ledger, NEW);
  const forget = await remembered();
  const planning = await ledger.beginPlanning(NEW);
  await ledger.addShards(planning, PLAN);
  await ledger.completePlan(planning, { tables: TABLES, now: 10 });
  const claim = { runId: NEW, shard: 0, holder: 'worker-1', strikesMax: 10, now: 30 };
  expect(await ledger.claim(claim)).toMatchObject({ kind: 'claimed', planName: planning.name });
  await forget();
  expect(await ledger.claim(claim)).toEqual({ kind: 'over' });
  const again = await planAnew();
  expect(await ledger.claim(claim)).toMatchObject({ kind: 'claimed', planName: again.name });
});

it('a plan that is lost while the verdict is made: none is told of no shards at all', async () => {
  await acceptedRun(ledger, NEW);
  const forget = await remembered();
  await planAnew();
  for (const shard of [0, 1]) {
    const claimed = await ledger.claim({ runId: NEW, shard, holder: 'worker-1', strikesMax: 10, now: 30 });
    if (claimed.kind !== 'claimed') throw new Error(`expected to claim the shard, found ${claimed.kind}`);
    await finish(claimed.hold, 10);
  }
  const run = (await ledger.getRun(NEW)) as RunHeader;
  expect(await settle(run, forgettingAtTotals(forget))).toBeUndefined();
  expect(await ledger.getRun(NEW)).toMatchObject({ state: 'accepted', verdict: null });
});
