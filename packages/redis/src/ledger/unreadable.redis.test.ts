import { type Ledger, readWholeRun } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acceptedRun, plannedRun } from '../testing/oneShardRun.ts';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { createRedisLedger } from './createRedisLedger.ts';
import { ledgerKeys } from './ledgerKeys.ts';

let test: TestRedis;
let ledger: Ledger;

beforeEach(() => {
  test = testRedis('ledger');
  ledger = createRedisLedger(test.redis, { clock: systemClock, prefix: test.prefix });
});

afterEach(() => test.cleanUp());

type Damage = (runId: string) => Promise<unknown>;
const runKey = (runId: string) => ledgerKeys(test.prefix, runId).run;

const OF_HEADERS: Readonly<Record<string, Damage>> = {
  'a field that is missing': (runId) => test.redis.hdel(runKey(runId), 'direction'),
  'an unknown state': (runId) => test.redis.hset(runKey(runId), 'state', 'dreaming'),
  'a count that is no number': (runId) => test.redis.hset(runKey(runId), 'shards', 'many'),
  'a failure that is no JSON': (runId) => test.redis.hset(runKey(runId), 'failure', '{"code":'),
  'another version': (runId) => test.redis.hset(runKey(runId), 'version', '99'),
  'a key of another type': async (runId) => {
    await test.redis.del(runKey(runId));
    await test.redis.rpush(runKey(runId), 'a stranger');
  },
};

const UNREADABLE = {
  class: 'permanent',
  code: 'RUN_UNREADABLE',
  message: expect.stringMatching(/broken.*DELETE \/v1\/runs\/broken/),
};

async function threePlannedRuns(): Promise<void> {
  for (const runId of ['first', 'broken', 'last']) await plannedRun(ledger, runId);
}

async function expectDeletable(): Promise<void> {
  expect(await ledger.deleteRun('broken')).toBe('deleted');
  expect([...(await ledger.openRuns())].sort()).toEqual(['first', 'last']);
  await acceptedRun(ledger, 'broken');
  expect((await ledger.getRun('broken'))?.state).toBe('accepted');
}

it.each(Object.keys(OF_HEADERS))('a header with %s: the run is named, and hides no other', async (damage) => {
  await threePlannedRuns();
  await OF_HEADERS[damage]?.('broken');
  await expect(ledger.getRun('broken')).rejects.toMatchObject(UNREADABLE);
  const { runs, unreadable } = await ledger.listRuns(10);
  expect(runs.map(({ runId }) => runId).sort()).toEqual(['first', 'last']);
  expect(unreadable).toEqual([{ runId: 'broken', message: UNREADABLE.message }]);
  await expectDeletable();
});

const OF_THE_REST: Readonly<Record<string, Damage>> = {
  'a spec that is no JSON': (runId) => test.redis.hset(runKey(runId), 'spec', '{"version":'),
  'a spec that is missing': (runId) => test.redis.hdel(runKey(runId), 'spec'),
  'a spec of another version': (runId) =>
    test.redis.hset(runKey(runId), 'spec', '{"version":2,"of":"later"}'),
  'rows that are no JSON': (runId) => test.redis.hset(runKey(runId), 'unstable', '0 {broken'),
  'changes that are no list': (runId) => test.redis.hset(runKey(runId), 'changed', '{}'),
  'a plan that is no JSON': (runId) => changePlan(runId, '{"tables":['),
  'a plan of another version': (runId) => changePlan(runId, '{"tables":[{"of":"later"}]}'),
  'a plan that is a key of another type': async (runId) => {
    const { tables } = ledgerKeys(test.prefix, runId);
    await test.redis.del(tables);
    await test.redis.rpush(tables, 'a stranger');
  },
};

async function changePlan(runId: string, plan: string): Promise<void> {
  const { planName } = (await ledger.getRun(runId)) ?? {};
  await test.redis.hset(ledgerKeys(test.prefix, runId).tables, String(planName), plan);
}

it.each(Object.keys(OF_THE_REST))(
  '%s: lists and headers are whole, and only that run cannot be reported',
  async (damage) => {
    await threePlannedRuns();
    await OF_THE_REST[damage]?.('broken');
    await expect(readWholeRun('broken', ledger)).rejects.toMatchObject(UNREADABLE);
    expect((await ledger.getRun('broken'))?.state).toBe('running');
    const { runs, unreadable } = await ledger.listRuns(10);
    expect(runs.map(({ runId }) => runId).sort()).toEqual(['broken', 'first', 'last']);
    expect(unreadable).toEqual([]);
    expect(await readWholeRun('first', ledger)).toMatchObject({ state: 'running', tables: [{ shards: 1 }] });
    await expectDeletable();
  },
);

it.each(['first:totals', 'first:plan', '', 'a\nb', '../x'])('%j is the id of no run', async (id) => {
  await acceptedRun(ledger, 'first');
  await ledger.beginPlanning('first');
  expect(await ledger.getRun(id)).toBeUndefined();
  expect(await ledger.getSpec(id)).toBeUndefined();
  expect(await ledger.getPlan(id, 'any')).toBeUndefined();
});
