import { doctorReportOf, type RunSpec, runSpec, zeroCounts } from '@rowparity/contracts';
import type { KnownRow, Ledger } from '@rowparity/core';
import { memoryMigrations } from '@rowparity/core/testing/memoryMigrations';
import { memoryWebhooks } from '@rowparity/core/testing/memoryWebhooks';
import { createLog, createMetrics } from '@rowparity/runtime';
import { openSqliteLedger } from '@rowparity/sqlite';
import { beforeEach, expect, it } from 'vitest';
import { backlogOf } from './backlogOf.ts';
import { createCoordinatorApp } from './serveHttp.ts';

let ledger: Ledger;
type Answer = { readonly status: number; readonly body: Record<string, unknown> };

let get: (path: string) => Promise<Answer>;
let post: (path: string, payload?: object) => Promise<Answer>;

beforeEach(async () => {
  ledger = openSqliteLedger({ path: ':memory:' });
  const log = createLog('coordinator', 'silent');
  let now = 1000;
  const clock = { now: () => (now += 1000), steadyNow: () => now, sleep: async () => {} };
  const known = { connections: ['s', 'd'], topics: ['dbMove'], webhooks: [] };
  const catalog = () => {
    throw new Error('no database is asked');
  };
  const app = await createCoordinatorApp(
    {
      ...{ ledger, clock, known, log, catalog, allowPredicates: false },
      ...{ migrations: memoryMigrations(ledger), webhooks: memoryWebhooks() },
      ...{
        supervisor: { silentMs: 0 },
        diagnosis: { report: async () => doctorReportOf([]) },
        metrics: createMetrics('coordinator'),
      },
    },
    { httpHost: '127.0.0.1', httpToken: undefined, metricsToken: undefined },
  );
  const ask = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const { statusCode, body } = await app.inject({ method, url, ...(payload ? { payload } : {}) });
    return { status: statusCode, body: JSON.parse(body) };
  };
  get = (path) => ask('GET', `/v1/runs${path}`);
  post = (path, payload) => ask('POST', `/v1/runs/${path}`, payload);
});

const KNOWN: KnownRow = {
  ...{ rowId: '0'.repeat(32), key: ['1'], type: 'neq', columns: ['v'], state: 'new' },
  ...{ firstSeen: 3, lastSeen: 3, generations: 1, keySpace: '0'.repeat(16) },
};

async function runningRun(runId: string, more: object = {}): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC', ...more };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  const planning = await ledger.beginPlanning(runId);
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const names = { source: 't', destination: 't' };
  const table = { names, plan: null, refusal: null, shards: 1, estimatedRows: 1 };
  await ledger.completePlan(planning, { tables: [table], now: 2 });
}

it('pause and resume answer with the run, and twice is once; a paused run has no backlog', async () => {
  await runningRun('r');
  expect(await backlogOf(ledger)).toBe(1);
  for (const _ of [1, 2])
    expect(await post('r/pause')).toMatchObject({
      status: 202,
      body: { runId: 'r', state: 'running', paused: true },
    });
  expect(await ledger.getRun('r')).toMatchObject({ pausedAt: 2000 });
  expect(await backlogOf(ledger)).toBe(0);
  for (const _ of [1, 2])
    expect(await post('r/resume')).toMatchObject({ status: 202, body: { paused: false } });
  expect(await backlogOf(ledger)).toBe(1);
});

it.each(['pause', 'resume'])(
  '%s of a run that is over or unknown is refused with the reason',
  async (call) => {
    expect(await post(`nobody/${call}`)).toMatchObject({ status: 404, body: { error: 'run_unknown' } });
    await runningRun('cancelled');
    await ledger.requestCancel('cancelled');
    expect(await post(`cancelled/${call}`)).toMatchObject({ status: 409, body: { error: 'run_cancelled' } });
    await runningRun('settled');
    await ledger.settle('settled', { verdict: 'inconclusive', failure: null, now: 3 });
    expect(await post(`settled/${call}`)).toEqual({
      status: 409,
      body: { error: 'run_settled', message: `Run settled is settled: there is nothing to ${call}.` },
    });
  },
);

it('the list goes page by page by state and verdict, and a wrong parameter is a 400 with its name', async () => {
  for (const runId of ['a', 'b', 'c']) await runningRun(runId);
  await ledger.settle('b', { verdict: 'inconclusive', failure: null, now: 3 });
  await ledger.pause('a', 5);
  const first = await get('?limit=2');
  expect(first).toMatchObject({ status: 200, body: { runs: [{ runId: 'c' }, { runId: 'b' }] } });
  expect(await get(`?limit=2&cursor=${first.body.next}`)).toMatchObject({
    body: { runs: [{ runId: 'a', paused: true }], unreadable: [], next: null },
  });
  expect(await get('?state=settled&verdict=inconclusive')).toMatchObject({
    body: { runs: [{ runId: 'b' }] },
  });
  for (const [query, path] of Object.entries({
    'limit=x': 'limit',
    'cursor=x': 'cursor',
    'verdict=x': 'verdict',
  }))
    expect(await get(`?${query}`)).toMatchObject({
      ...{ status: 400, body: { error: 'bad_parameter', problems: [{ path }] } },
    });
});

it('a rerun is a run of the same spec that says what it is based on; the same order again is the same run', async () => {
  await runningRun('r');
  expect(await post('nobody/rerun', { runId: 'n' })).toMatchObject({ status: 404 });
  expect(await post('r/rerun', { runId: 'n' })).toMatchObject({
    status: 409,
    body: { error: 'run_not_settled' },
  });
  await ledger.settle('r', { verdict: 'inconclusive', failure: null, now: 3 });
  for (const _ of [1, 2])
    expect(await post('r/rerun', { runId: 'n', only: ['differs', 'inconclusive'] })).toMatchObject({
      ...{ status: 202, body: { runId: 'n', state: 'accepted' } },
    });
  const [old, spec] = [await ledger.getSpec('r'), await ledger.getSpec('n')];
  const basedOn = { runId: 'r', only: ['inconclusive', 'differs'] };
  expect(spec).toEqual({ ...old, runId: 'n', basedOn });
  expect(await post('r/rerun', { runId: 'n', only: ['differs'] })).toMatchObject({
    ...{ status: 409, body: { error: 'run_exists' } },
  });
  expect(await post('r/rerun', { runId: 'r' })).toMatchObject({
    ...{ status: 400, body: { problems: [{ path: 'basedOn.runId' }] } },
  });
});

it.each<[object, string]>([
  [{}, 'runId'],
  [{ runId: 'a b' }, 'runId'],
  [{ runId: 'n', only: [] }, 'only'],
  [{ runId: 'n', only: ['match'] }, 'only[0]'],
  [{ runId: 'n', of: 'x' }, ''],
])('the order %j of a rerun is refused with its place', async (order, path) => {
  expect(await post('r/rerun', order)).toMatchObject({
    ...{ status: 400, body: { error: 'invalid_order', problems: [{ path: expect.stringContaining(path) }] } },
  });
});

it('a recheck is a run of the same spec that reads only known differences, where there are any', async () => {
  await runningRun('r');
  expect(await post('nobody/recheck', { runId: 'n' })).toMatchObject({ status: 404 });
  const refusedWith = async (error: string) =>
    expect(await post('r/recheck', { runId: 'n' })).toMatchObject({ status: 409, body: { error } });
  await refusedWith('run_not_settled');
  const claimed = await ledger.claim({ runId: 'r', shard: 0, holder: 'w', strikesMax: 9, now: 3 });
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
  const progress = { checkpoint: ['1'], add: { ...zeroCounts(), neq: 2 } };
  const keep = (rows: readonly KnownRow[], beyond: number) => ({ keep: 9, rows, beyond });
  const beyond = await ledger.commit(claimed.hold, { ...progress, known: keep([], 1) }, 4);
  if (beyond.kind !== 'written') throw new Error(beyond.kind);
  const end = { ...progress, outcome: 'differs', failure: null } as const;
  await ledger.settle('r', { verdict: 'inconsistent', failure: null, now: 5 });
  await refusedWith('nothing_to_recheck');

  await runningRun('s');
  const again = await ledger.claim({ runId: 's', shard: 0, holder: 'w', strikesMax: 9, now: 3 });
  if (again.kind !== 'claimed') throw new Error(again.kind);
  await ledger.finish(again.hold, { ...end, known: keep([KNOWN], 0) }, 4);
  await ledger.settle('s', { verdict: 'inconsistent', failure: null, now: 5 });
  for (const _ of [1, 2])
    expect(await post('s/recheck', { runId: 'n' })).toMatchObject({
      ...{ status: 202, body: { runId: 'n', state: 'accepted' } },
    });
  const [old, spec] = [await ledger.getSpec('s'), await ledger.getSpec('n')];
  expect(spec).toEqual({ ...old, runId: 'n', basedOn: { runId: 's', only: ['known'] } });
  expect(await post('s/recheck', { runId: 's' })).toMatchObject({
    ...{ status: 400, body: { problems: [{ path: 'basedOn.runId' }] } },
  });
  expect(await post('s/recheck', { runId: 'n', only: ['known'] })).toMatchObject({
    ...{ status: 400, body: { error: 'invalid_order' } },
  });
  // What it looked at has no ranges that could be run again.
  await ledger.settle('n', { verdict: 'inconclusive', failure: null, now: 6 });
  expect((await post('n/rerun', { runId: 'm' })).status).toBe(409);
});

it('the differences of a run of changed rows are rechecked by their keys; no part of it runs again', async () => {
  await runningRun('r', { changedSince: { time: '2026-11-26T00:00:00Z' } });
  const claimed = await ledger.claim({ runId: 'r', shard: 0, holder: 'w', strikesMax: 9, now: 3 });
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
  const counts = { checkpoint: ['1'], add: { ...zeroCounts(), neq: 1 } };
  const end = { ...counts, outcome: 'differs', failure: null } as const;
  await ledger.finish(claimed.hold, { ...end, known: { keep: 9, rows: [KNOWN], beyond: 0 } }, 4);
  await ledger.settle('r', { verdict: 'inconsistent', failure: null, now: 5 });
  expect(await post('r/recheck', { runId: 'n' })).toMatchObject({ status: 202, body: { runId: 'n' } });
  const { changedSince: _, ...old } = (await ledger.getSpec('r')) as RunSpec;
  expect(await ledger.getSpec('n')).toEqual({ ...old, runId: 'n', basedOn: { runId: 'r', only: ['known'] } });
  expect(await post('r/rerun', { runId: 'm' })).toMatchObject({
    ...{
      status: 409,
      body: { error: 'nothing_to_rerun', message: expect.stringContaining('rows that changed') },
    },
  });
});

it('a run without such a shard, and one without a plan, has nothing to run again', async () => {
  await runningRun('r');
  const claim = { runId: 'r', shard: 0, holder: 'w', strikesMax: 9, now: 3 };
  const claimed = await ledger.claim(claim);
  if (claimed.kind !== 'claimed') throw new Error(claimed.kind);
  const end = { checkpoint: null, add: zeroCounts(), outcome: 'match', failure: null } as const;
  await ledger.finish(claimed.hold, end, 4);
  await ledger.settle('r', { verdict: 'consistent', failure: null, now: 5 });
  expect(await post('r/rerun', { runId: 'n' })).toMatchObject({
    status: 409,
    body: { error: 'nothing_to_rerun' },
  });
  const spec = { version: 1, runId: 'u', source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  await ledger.settle('u', { verdict: 'inconclusive', failure: null, now: 5 });
  expect(await post('u/rerun', { runId: 'n' })).toMatchObject({
    status: 409,
    body: { error: 'run_not_planned' },
  });
});
