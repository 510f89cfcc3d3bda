import { runSpec } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { createHttpApp, createLog } from '@rowparity/runtime';
import { openSqliteLedger } from '@rowparity/sqlite';
import { beforeEach, expect, it } from 'vitest';
import { backlogOf } from './backlogOf.ts';
import { addControlRoutes } from './controlRoutes.ts';

let ledger: Ledger;
type Answer = { readonly status: number; readonly body: Record<string, unknown> };

let get: (path: string) => Promise<Answer>;
let post: (path: string) => Promise<Answer>;

beforeEach(async () => {
  ledger = openSqliteLedger({ path: ':memory:' });
  const log = createLog('coordinator', 'silent');
  const app = await createHttpApp({
    name: 'coordinator',
    log,
    config: { httpHost: '127.0.0.1', httpToken: undefined, metricsToken: undefined },
  });
  let now = 1000;
  addControlRoutes(app, { ledger, clock: { now: () => (now += 1000) } });
  const ask = async (method: 'GET' | 'POST', url: string) => {
    const { statusCode, body } = await app.inject({ method, url });
    return { status: statusCode, body: JSON.parse(body) };
  };
  get = (path) => ask('GET', `/v1/runs${path}`);
  post = (path) => ask('POST', `/v1/runs/${path}`);
});

async function runningRun(runId: string): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
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
      ...{ status: 400, body: { error: 'invalid_query', problems: [{ path }] } },
    });
});
