import type { LedgerReadings } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { closeRedis, connectRedis } from '../connection/connectRedis.ts';
import { acceptedRun, oneShardRun, RUN } from '../testing/oneShardRun.ts';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { createRedisLedger, openRedisReadings } from './createRedisLedger.ts';

/** A user of Redis that may read and may not write: what a reporter needs. */

const USER = 'rowparity-reader';
const PASSWORD = 'only-reads';

let test: TestRedis;
let reader: ReturnType<typeof connectRedis>;
let readings: LedgerReadings;

beforeEach(async () => {
  test = testRedis('ledger');
  const ledger = createRedisLedger(test.redis, { clock: systemClock, prefix: test.prefix });
  await oneShardRun(ledger);
  await acceptedRun(ledger, 'expired');
  const rights = ['~*', '+@read', '+@connection', '+@transaction', '+info'];
  await test.redis.call('ACL', 'SETUSER', USER, 'reset', 'on', `>${PASSWORD}`, ...rights);
  const url = new URL(test.url);
  url.username = USER;
  url.password = PASSWORD;
  reader = connectRedis({ url: url.href, use: 'http', onError: () => {} });
  readings = openRedisReadings(reader, { prefix: test.prefix });
});

afterEach(async () => {
  await closeRedis(reader);
  await test.redis.call('ACL', 'DELUSER', USER);
  await test.cleanUp();
});

const CALLS: { readonly [Call in keyof LedgerReadings]: (ledger: LedgerReadings) => Promise<unknown> } = {
  getRun: (ledger) => ledger.getRun(RUN),
  runIntents: (ledger) => ledger.runIntents([RUN, 'unknown']),
  getSpec: (ledger) => ledger.getSpec(RUN),
  getPlan: async (ledger) => ledger.getPlan(RUN, String((await ledger.getRun(RUN))?.planName)),
  holders: (ledger) => ledger.holders(RUN),
  traceOf: (ledger) => ledger.traceOf(RUN),
  getRemarks: (ledger) => ledger.getRemarks(RUN),
  listRuns: (ledger) => ledger.listRuns(10),
  pageRuns: (ledger) => ledger.pageRuns({ limit: 10 }),
  listOpenShards: (ledger) => ledger.listOpenShards(RUN),
  getShard: (ledger) => ledger.getShard(RUN, 0),
  listShards: (ledger) => ledger.listShards(RUN, 0, 10),
  listShardMarks: (ledger) => ledger.listShardMarks(RUN, 0, 10),
  totals: (ledger) => ledger.totals(RUN),
  sums: (ledger) => ledger.sums(RUN),
  damageOf: (ledger) => ledger.damageOf(RUN),
  failures: (ledger) => ledger.failures(RUN, 10),
  listKnown: (ledger) => ledger.listKnown(RUN, { limit: 10 }),
  findKnown: (ledger) => ledger.findKnown(RUN, 0, ['0'.repeat(32)]),
  knownTotals: (ledger) => ledger.knownTotals(RUN),
  differenceGroups: (ledger) => ledger.differenceGroups(RUN),
  ping: (ledger) => ledger.ping(),
};

it.each(Object.keys(CALLS) as (keyof LedgerReadings)[])('%s needs no right to write', async (call) => {
  const ledger = createRedisLedger(test.redis, { clock: systemClock, prefix: test.prefix });
  expect(await CALLS[call](readings)).toEqual(await CALLS[call](ledger));
});

it('the reader has no other call, and a list with the id of a run that is gone is none', async () => {
  expect(Object.keys(readings).sort()).toEqual(Object.keys(CALLS).sort());
  const ids = await test.redis.keys(`${test.prefix}*expired`);
  await test.redis.del(ids);
  expect(await readings.listRuns(10)).toMatchObject({ runs: [{ runId: RUN }], unreadable: [] });
  await expect(reader.set(`${test.prefix}:anything`, '1')).rejects.toThrow(/NOPERM/);
});
