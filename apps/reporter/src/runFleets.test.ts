import { runSpec } from '@rowparity/contracts';
import type { FleetLook, Ledger } from '@rowparity/core';
import { openSqliteLedger } from '@rowparity/sqlite';
import { beforeEach, expect, it } from 'vitest';
import { FoundDifferences } from './foundDifferences.ts';
import { RunFleets } from './runFleets.ts';

const SHARDS = 6;
const LOOK: FleetLook = { isLed: true, waiting: 4, active: 9 };

let now: number;
let looks: number;
let ledger: Ledger;
let fleets: RunFleets;

beforeEach(async () => {
  [now, looks] = [1000, 0];
  ledger = openSqliteLedger({ path: ':memory:' });
  const clock = { now: () => now, steadyNow: () => now, sleep: () => Promise.resolve() };
  const look = async () => {
    looks += 1;
    return LOOK;
  };
  fleets = new RunFleets({ ledger, fleet: { look } }, clock);
  await openRun('r-1');
});

async function openRun(runId: string): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  const planning = await ledger.beginPlanning(runId);
  const keyAt = (cut: number) => (cut === 0 || cut === SHARDS ? null : [`${cut}`]);
  await ledger.addShards(
    planning,
    Array.from({ length: SHARDS }, (_, i) => ({
      ...{ shard: i, table: 0, range: { after: keyAt(i), upTo: keyAt(i + 1) } },
    })),
  );
  const table = { names: { source: 't', destination: 't' }, plan: null, refusal: null };
  await ledger.completePlan(planning, { tables: [{ ...table, shards: SHARDS, estimatedRows: 1 }], now: 2 });
  await ledger.openShards(runId, SHARDS);
}

async function take(shard: number, holder: string) {
  const claim = await ledger.claim({ runId: 'r-1', shard, holder, strikesMax: 9, now });
  return claim.kind === 'claimed' ? claim.hold : expect.unreachable(claim.kind);
}

it('workers are told with their shards of the run, those with the most first', async () => {
  for (const [shard, holder] of [
    [0, 'a:1'],
    [1, 'b:2'],
    [2, 'b:2'],
  ] as const)
    await take(shard, holder);
  expect(await fleets.of('r-1')).toEqual({
    ...{ runId: 'r-1', at: 1000, isLed: true, workersTotal: 2, shards: 3 },
    workers: [
      { name: 'b:2', shards: 2 },
      { name: 'a:1', shards: 1 },
    ],
    jobs: { waiting: 4, active: 9 },
  });
  expect(await fleets.of('unknown')).toBeUndefined();
});

it('however many look on, the ledger is asked once in two seconds', async () => {
  await Promise.all(Array.from({ length: 50 }, () => fleets.of('r-1')));
  now += 1999;
  await fleets.of('r-1');
  expect(looks).toBe(1);
  await take(5, 'c:3');
  now += 2;
  expect((await fleets.of('r-1'))?.workers).toEqual([{ name: 'c:3', shards: 1 }]);
});

it('the differences of a list are what was confirmed; those of a settled run are read once', async () => {
  const hold = await take(0, 'a:1');
  const { sums } = ledger;
  let reads = 0;
  const differences = new FoundDifferences({
    sums: (runId) => {
      reads += 1;
      return sums.call(ledger, runId);
    },
  });
  const listed = async () => differences.of((await ledger.listRuns(10)).runs);
  expect(await listed()).toEqual([0]);
  const add = { ...(await ledger.sums('r-1')).counts, neq: 2, targetMissing: 1 };
  await ledger.finish(hold, { outcome: 'differs', failure: null, checkpoint: null, add }, now);
  expect(await listed()).toEqual([3]);
  await ledger.requestCancel('r-1');
  await ledger.settle('r-1', { verdict: 'inconclusive', failure: null, now });
  await listed();
  const before = reads;
  expect(await listed()).toEqual([3]);
  expect(reads).toBe(before);
});
