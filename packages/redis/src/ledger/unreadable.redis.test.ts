import type { Ledger } from '@rowparity/core';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { acceptedRun } from '../testing/oneShardRun.ts';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { createRedisLedger } from './createRedisLedger.ts';
import { ledgerKeys } from './ledgerKeys.ts';

let test: TestRedis;
let ledger: Ledger;

beforeEach(() => {
  test = testRedis('ledger');
  ledger = createRedisLedger(test.redis, { prefix: test.prefix });
});

afterEach(() => test.cleanUp());

const DAMAGES: Readonly<Record<string, (key: string) => Promise<unknown>>> = {
  'a spec that is no JSON': (key) => test.redis.hset(key, 'spec', '{"version":'),
  'a field that is missing': (key) => test.redis.hdel(key, 'spec'),
  'a state that nobody knows': (key) => test.redis.hset(key, 'state', 'dreaming'),
  'another version': (key) => test.redis.hset(key, 'version', '99'),
  'a spec of another version': (key) => test.redis.hset(key, 'spec', '{"version":2,"of":"later"}'),
  'rows that are no JSON': (key) => test.redis.hset(key, 'unstable', '0 {broken'),
  'a key of another type': async (key) => {
    await test.redis.del(key);
    await test.redis.rpush(key, 'a stranger');
  },
};

it.each(Object.keys(DAMAGES))('%s: the run is named, and hides no other', async (damage) => {
  for (const runId of ['first', 'broken', 'last']) await acceptedRun(ledger, runId);
  await DAMAGES[damage]?.(ledgerKeys(test.prefix, 'broken').run);

  const refusal = { class: 'permanent', code: 'RUN_UNREADABLE', message: expect.stringContaining('broken') };
  await expect(ledger.getRun('broken')).rejects.toMatchObject(refusal);
  const { runs, unreadable } = await ledger.listRuns(10);
  expect(runs.map(({ runId }) => runId).sort()).toEqual(['first', 'last']);
  expect(unreadable).toEqual([
    { runId: 'broken', message: expect.stringMatching(/broken.*DELETE \/v1\/runs\/broken/) },
  ]);
  const heads = await ledger.listHeads(10);
  expect([...heads.runs, ...heads.unreadable].map(({ runId }) => runId).sort()).toEqual([
    ...['broken', 'first', 'last'],
  ]);

  expect(await ledger.deleteRun('broken')).toBe('deleted');
  expect([...(await ledger.openRuns())].sort()).toEqual(['first', 'last']);
  await acceptedRun(ledger, 'broken');
  expect((await ledger.getRun('broken'))?.state).toBe('accepted');
});

it.each(['first:totals', 'first:plan', '', 'a\nb', '../x'])('%j is the id of no run', async (id) => {
  await acceptedRun(ledger, 'first');
  await ledger.beginPlanning('first');
  expect(await ledger.getRun(id)).toBeUndefined();
  expect(await ledger.getHead(id)).toBeUndefined();
});
