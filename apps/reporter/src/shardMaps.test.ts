import { runSpec } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { openSqliteLedger } from '@rowparity/sqlite';
import { beforeEach, expect, it } from 'vitest';
import { ShardMaps } from './shardMaps.ts';

let ledger: Ledger;
let now: number;
let reads: number;
let maps: ShardMaps;

beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
  now = 1_000_000;
  reads = 0;
  const reading = new Proxy(ledger, {
    get(whole, name) {
      if (name === 'listShardMarks') {
        reads += 1;
        now += READING_MS;
      }
      const method = Reflect.get(whole, name);
      return typeof method === 'function' ? method.bind(whole) : method;
    },
  });
  const clock = { now: () => now, steadyNow: () => now, sleep: () => Promise.resolve() };
  maps = new ShardMaps({ ledger: reading }, clock);
});

const READING_MS = 1000;

async function plannedRun(runId: string): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  const planning = await ledger.beginPlanning(runId);
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const table = { names: { source: 't', destination: 't' }, plan: null, refusal: null };
  await ledger.completePlan(planning, { tables: [{ ...table, shards: 1, estimatedRows: 1 }], now: 2 });
}

it('the map of an open run is read again after twenty times the time that it took', async () => {
  await plannedRun('open');
  const first = await Promise.all([maps.map('open', 10), maps.map('open', 10)]);
  expect([first[0]?.shards, reads]).toEqual([1, 1]);
  now += 19 * READING_MS;
  expect(await maps.map('open', 10)).toBe(first[0]);
  now += 2 * READING_MS;
  await maps.map('open', 10);
  expect(reads).toBe(2);
});

it('the map of a settled run is read once, however late', async () => {
  await plannedRun('done');
  await ledger.requestCancel('done');
  await ledger.settle('done', { verdict: 'inconclusive', failure: null, now: 5 });
  await maps.map('done', 10);
  now += 1e9;
  await maps.map('done', 10);
  expect(reads).toBe(1);
});

it('there is none of an unknown run, and a run that comes later has one', async () => {
  expect(await maps.map('r', undefined)).toBeUndefined();
  await plannedRun('r');
  expect((await maps.map('r', undefined))?.tables).toMatchObject([{ name: 't', cells: [[0, 0, 0, 0, 1]] }]);
});

it('a map that cannot be read is asked for again', async () => {
  await plannedRun('r');
  const broken = new ShardMaps(
    {
      ledger: Object.assign(Object.create(ledger), {
        listShardMarks: () => Promise.reject(new Error('away')),
      }),
    },
    { now: () => now, steadyNow: () => now, sleep: () => Promise.resolve() },
  );
  await expect(broken.map('r', 1)).rejects.toThrow('away');
  await expect(broken.map('r', 1)).rejects.toThrow('away');
});
