import { watchSpec, zeroCounts } from '@rowparity/contracts';
import type { Hold, KnownRow } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { oneShardRun, RUN } from '../testing/oneShardRun.ts';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { createRedisLedger } from './createRedisLedger.ts';
import { holdsOf } from './holds.ts';
import { runSetKeys } from './ledgerKeys.ts';
import { ledgerStore } from './ledgerStore.ts';
import { runsOf } from './runs.ts';

/** ioredis sends a command again when the connection dropped before the answer: the same write, under its name. */

const CLAIM = { runId: RUN, shard: 0, holder: 'worker-1', strikesMax: 3, now: 3 };
const PROGRESS = { checkpoint: ['5'], add: { ...zeroCounts(), rowsBase: 5, neq: 1 } };

let test: TestRedis;
let ledger: ReturnType<typeof createRedisLedger>;

beforeEach(async () => {
  test = testRedis('ledger');
  ledger = createRedisLedger(test.redis, { clock: systemClock, prefix: test.prefix });
  await oneShardRun(ledger);
});

afterEach(() => test.cleanUp());

/** The first claim, under its name. */
async function heldAs(write: string): Promise<Hold> {
  const claimed = await sentAs(write).claim(CLAIM);
  if (claimed.kind !== 'claimed') throw new Error(`expected to claim the shard, found ${claimed.kind}`);
  return claimed.hold;
}

function sentAs(write: string) {
  const store = ledgerStore(test.redis, { clock: systemClock, prefix: test.prefix, settledKeptMs: 60_000 });
  const named = { ...store, nameWrite: () => write };
  return { ...holdsOf(named), ...runsOf(named) };
}

it('a claim sent twice is one attempt and one strike', async () => {
  const first = await sentAs('a').claim(CLAIM);
  expect(await sentAs('a').claim(CLAIM)).toEqual(first);
  expect(await sentAs('b').claim(CLAIM)).toMatchObject({ strikes: 2, shard: { attempt: 2 } });
});

it('a commit sent twice is counted once, and so is a finish', async () => {
  const first = await heldAs('claim');
  const hold = { ...first, last: 'a' };
  for (const _ of [1, 2])
    expect(await sentAs('a').commit(first, PROGRESS, 4)).toEqual({ kind: 'written', hold });
  const end = { ...PROGRESS, outcome: 'differs' as const, failure: null };
  for (const _ of [1, 2]) expect(await sentAs('b').finish(hold, end, 5)).toEqual({ kind: 'written' });
  const shards = { planned: 0, running: 0, match: 0, differs: 1, inconclusive: 0 };
  expect(await ledger.totals(RUN)).toMatchObject([
    { counts: { ...zeroCounts(), rowsBase: 10, neq: 2 }, shards },
  ]);
});

const ROW: KnownRow = {
  ...{ rowId: '0'.repeat(32), key: ['1'], keySpace: '0'.repeat(16), type: 'neq', columns: ['v'] },
  ...{ state: 'new', firstSeen: 3, lastSeen: 3, generations: 1 },
};

it('known differences sent twice are there once, and so are those beyond; they leave with their run', async () => {
  const first = await heldAs('claim');
  const known = { keep: 1, rows: [ROW, { ...ROW, rowId: '1'.repeat(32) }], beyond: 3 };
  for (const _ of [1, 2]) await sentAs('a').commit(first, { ...PROGRESS, known }, 4);
  expect(await ledger.knownTotals(RUN)).toEqual([{ kept: 1, beyond: 4 }]);
  expect(await ledger.listKnown(RUN, { limit: 9 })).toEqual([{ table: 0, ...ROW }]);
  const short = createRedisLedger(test.redis, { clock: systemClock, prefix: test.prefix, settledKeptMs: 1 });
  await short.settle(RUN, { verdict: 'inconsistent', failure: null, now: 9 });
  await expect.poll(() => test.redis.keys(`${test.prefix}*:known*`)).toEqual([]);
});

it('a generation that is recorded twice tells its sender twice that it began, and no other one', async () => {
  const run = { version: 1, source: 's', destination: 'd', direction: 'SRC', tables: [{ name: 't' }] };
  const spec = watchSpec.parse({ version: 1, run });
  await ledger.putWatch({ watchId: 'w', spec, now: 1, max: 9, forgetBefore: 0 });
  const begun = { watchId: 'w', generation: 1, follows: null, now: 5 };
  for (const _ of [1, 2]) expect(await ledger.beginGeneration(begun)).toBe(true);
  expect(await ledger.beginGeneration({ ...begun, now: 6 })).toBe(false);
});

it('a split sent twice makes its shards once', async () => {
  const hold = await heldAs('claim');
  for (const _ of [1, 2])
    expect(await sentAs('a').split(hold, [['5'], ['6']])).toMatchObject({ kind: 'written' });
  expect(await ledger.getRun(RUN)).toMatchObject({ shards: 3 });
  expect((await ledger.totals(RUN))[0]?.shards).toMatchObject({ planned: 2, running: 1 });
});

it('a release sent twice takes back one strike', async () => {
  await ledger.claim(CLAIM);
  const hold = await heldAs('second');
  for (const _ of [1, 2]) expect(await sentAs('a').release(hold)).toEqual({ kind: 'written' });
  expect((await ledger.totals(RUN))[0]?.shards).toMatchObject({ planned: 1, running: 0 });
  expect(await ledger.claim(CLAIM)).toMatchObject({ strikes: 2 });
});

it('a settlement sent twice tells its sender twice that it was the one', async () => {
  const end = { verdict: 'consistent', failure: null, now: 9 } as const;
  for (const _ of [1, 2]) expect(await sentAs('a').settle(RUN, end)).toBe(true);
  expect(await sentAs('b').settle(RUN, end)).toBe(false);
});

it('a settled run leaves after its time, and the list of runs forgets it', async () => {
  const short = createRedisLedger(test.redis, { clock: systemClock, prefix: test.prefix, settledKeptMs: 1 });
  expect((await short.listRuns(10)).runs).toHaveLength(1);
  await short.settle(RUN, { verdict: 'consistent', failure: null, now: 9 });
  await expect.poll(() => short.getRun(RUN)).toBeUndefined();
  expect((await short.listRuns(10)).runs).toEqual([]);
  expect(await short.getShard(RUN, 0)).toBeUndefined();
  expect(await test.redis.zcard(runSetKeys(test.prefix).runs)).toBe(1);
  await short.openRuns();
  expect(await test.redis.zcard(runSetKeys(test.prefix).runs)).toBe(0);
});
