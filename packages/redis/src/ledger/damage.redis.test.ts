import type { TableRecord } from '@rowparity/contracts';
import { type Ledger, reportOf, settleRun } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acceptedRun, RUN } from '../testing/oneShardRun.ts';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { createRedisLedger } from './createRedisLedger.ts';
import { ledgerKeys } from './ledgerKeys.ts';

/** A run of two shards, of which parts are taken away: by hand, or by a Redis that evicts. */

let test: TestRedis;
let ledger: Ledger;

beforeEach(() => {
  test = testRedis('ledger');
  ledger = createRedisLedger(test.redis, { clock: systemClock, prefix: test.prefix });
});

afterEach(() => test.cleanUp());

const PARTS = ['plan', 'tables', 'shards', 'totals', 'open', 'failures'] as const;
type Part = (typeof PARTS)[number];

const TABLE: TableRecord = {
  names: { source: 't', destination: 't' },
  plan: null,
  refusal: null,
  shards: 2,
  estimatedRows: 20,
};

async function plannedRun(): Promise<void> {
  await acceptedRun(ledger, RUN);
  const planning = await ledger.beginPlanning(RUN);
  await ledger.addShards(planning, [
    { shard: 0, table: 0, range: { after: null, upTo: ['5'] } },
    { shard: 1, table: 0, range: { after: ['5'], upTo: null } },
  ]);
  await ledger.completePlan(planning, { tables: [TABLE], now: 2 });
  await ledger.openShards(RUN, 2);
}

async function claim(shard: number) {
  const claimed = await ledger.claim({ runId: RUN, shard, holder: 'w', strikesMax: 10, now: 3 });
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
  return claimed.hold;
}

async function finish(shard: number, outcome: 'match' | 'inconclusive' = 'match'): Promise<void> {
  const failure = outcome === 'match' ? null : ({ code: 'CONNECTION_LOST', message: 'gone' } as const);
  const add = { rowsBase: 1, rowsTarget: 1 };
  const counts = { ...(await ledger.getShard(RUN, shard))?.counts, ...add } as never;
  await ledger.finish(await claim(shard), { checkpoint: null, add: counts, outcome, failure }, 4);
}

const STATES: Readonly<Record<string, () => Promise<void>>> = {
  'a run that has not begun': async () => {},
  'a run with a shard that is held': async () => void (await claim(0)),
  'a run with a shard that is done': () => finish(0),
  'a run with a shard that failed': () => finish(0, 'inconclusive'),
  'a run of which all is done': async () => {
    await finish(0);
    await finish(1);
  },
};

/** What is lost where; a part that did not exist yet, or that is made again, is not missed. */
function isMissed(part: Part, state: string): boolean {
  if (part === 'plan' || part === 'tables' || part === 'totals') return true;
  return part === 'shards' && state !== 'a run that has not begun';
}

const matrix = Object.keys(STATES).flatMap((state) => PARTS.map((part) => ({ state, part })));

it.each(matrix)('of $state the $part is deleted: it is missed, or not needed', async ({ state, part }) => {
  await plannedRun();
  await STATES[state]?.();
  expect(await ledger.damageOf(RUN)).toEqual([]);
  await test.redis.del(ledgerKeys(test.prefix, RUN)[part]);
  const damage = await ledger.damageOf(RUN);
  expect(damage.length > 0).toBe(isMissed(part, state));
  if (damage.length > 0) expect(damage.join()).toMatch(/\(\d of [12] shards are there\)|record is gone/);
});

it.each(matrix)('of $state the $part becomes something else: it is told', async ({ state, part }) => {
  await plannedRun();
  await STATES[state]?.();
  const key = ledgerKeys(test.prefix, RUN)[part];
  await test.redis.del(key);
  await test.redis.set(key, 'a stranger wrote this');
  expect((await ledger.damageOf(RUN)).join()).toContain('something else');
  expect(await ledger.settle(RUN, { verdict: 'inconclusive', failure: null, now: 9 })).toBe(true);
});

it.each(PARTS)(
  'a run of which all is done is not consistent without its %s, where that is missed',
  async (part) => {
    await plannedRun();
    await STATES['a run of which all is done']?.();
    await test.redis.del(ledgerKeys(test.prefix, RUN)[part]);
    const run = await ledger.getRun(RUN);
    if (!run) throw new Error('expected the run');
    const catalog = () => {
      throw new Error('no table has a plan');
    };
    const clock = { now: () => 9, steadyNow: () => 9, sleep: async () => {} };
    const verdict = await settleRun(run, { ledger, clock, catalog }, new AbortController().signal);
    expect(verdict === undefined).toBe(isMissed(part, 'a run of which all is done'));
  },
);

it('a settled run that has lost a part says so in its report', async () => {
  await plannedRun();
  await STATES['a run of which all is done']?.();
  await ledger.settle(RUN, { verdict: 'inconclusive', failure: null, now: 9 });
  await test.redis.del(ledgerKeys(test.prefix, RUN).totals);
  const report = await reportOf(RUN, { ledger }, 10);
  expect(report).toMatchObject({ complete: false, failures: [{ code: 'RUN_DAMAGED' }] });
  expect(report?.failures[0]?.message).toContain('the totals');
});

it('shards that were open when their set was lost are opened again', async () => {
  await plannedRun();
  await finish(0);
  await test.redis.del(ledgerKeys(test.prefix, RUN).open);
  expect(await ledger.openShards(RUN, 2)).toEqual([1]);
  await finish(1);
  expect(await ledger.openShards(RUN, 2)).toEqual([]);
});

it('runs whose set was lost are open all the same', async () => {
  await acceptedRun(ledger, 'other');
  await ledger.settle('other', { verdict: 'inconclusive', failure: null, now: 2 });
  await plannedRun();
  await test.redis.del(ledgerKeys(test.prefix, RUN).runsOpen);
  let steadyMs = 0;
  const clock = { steadyNow: () => steadyMs };
  const fresh = createRedisLedger(test.redis, { clock, prefix: test.prefix });
  expect(await fresh.openRuns()).toEqual([RUN]);
  await test.redis.del(ledgerKeys(test.prefix, RUN).runsOpen);
  steadyMs = 9_999;
  expect(await fresh.openRuns()).toEqual([]);
  steadyMs = 10_000;
  expect(await fresh.openRuns()).toEqual([RUN]);
});

it('a run whose record was lost is removed with all that is left of it', async () => {
  await plannedRun();
  const keys = ledgerKeys(test.prefix, RUN);
  await test.redis.del(keys.run);
  expect(await ledger.openRuns()).toEqual([RUN]);
  expect(await ledger.deleteRun(RUN)).toBe('unknown');
  expect(await ledger.openRuns()).toEqual([]);
  expect(await test.redis.exists(keys.plan, keys.totals, keys.open)).toBe(0);
});
