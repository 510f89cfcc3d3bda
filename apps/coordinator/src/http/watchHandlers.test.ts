import { COORDINATOR_ROUTES, doctorReportOf, type WatchSpecInput } from '@rowparity/contracts';
import type { Catalog, Ledger } from '@rowparity/core';
import { memoryMigrations } from '@rowparity/core/testing/memoryMigrations';
import { memoryWebhooks } from '@rowparity/core/testing/memoryWebhooks';
import { createLog, createMetrics } from '@rowparity/runtime';
import { askRoute } from '@rowparity/runtime/testing/askRoute';
import { openSqliteLedger } from '@rowparity/sqlite';
import { beforeEach, expect, it } from 'vitest';
import { createCoordinatorApp } from './serveHttp.ts';

const R = COORDINATOR_ROUTES;
const WATCH: WatchSpecInput = {
  ...{ version: 1, intervalMs: 5000 },
  run: { version: 1, source: 'old', destination: 'new', direction: 'SRC', tables: [{ name: 'orders' }] },
};

let ledger: Ledger;
let now = 0;
beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
  now = 1000;
});

async function ask(route: (typeof R)[keyof typeof R], id: string, body?: object) {
  const clock = { now: () => now, steadyNow: () => now, sleep: async () => {} };
  const app = await createCoordinatorApp(
    {
      ...{ migrations: memoryMigrations(ledger), webhooks: memoryWebhooks() },
      ...{ ledger, clock, log: createLog('test', 'silent'), allowPredicates: false },
      known: { connections: ['OLD', 'NEW'], topics: ['dbMove'], webhooks: [] },
      ...{
        supervisor: { silentMs: 0 },
        diagnosis: { report: async () => doctorReportOf([]) },
        metrics: createMetrics('coordinator'),
      },
      catalog: () => ({}) as Catalog,
    },
    { httpHost: '127.0.0.1', httpToken: undefined, metricsToken: undefined },
  );
  const answer = await askRoute(app, route, { params: { id }, ...(body ? { body } : {}) });
  return { status: answer.statusCode, body: answer.json() };
}

it('a watch is put once, of many at the same time too; the same one again is the same, another one is refused', async () => {
  const all = await Promise.all(Array.from({ length: 8 }, () => ask(R.putWatch, 'w', WATCH)));
  for (const answer of all)
    expect(answer).toMatchObject({
      status: 200,
      body: { watchId: 'w', state: 'active', generation: 0, run: null, nextAt: 1000, follows: null },
    });
  expect(await ask(R.putWatch, 'w', { ...WATCH, intervalMs: 6000 })).toMatchObject({
    ...{ status: 409, body: { error: 'watch_exists' } },
  });
  expect((await ask(R.listWatches, 'w')).body.watches).toHaveLength(1);
});

it('its last generation is told with it; stopped, it has no next one, and goes on when it is put again', async () => {
  await ask(R.putWatch, 'w', WATCH);
  const begun = { watchId: 'w', generation: 1, follows: null, now: 2000 };
  await ledger.beginGeneration(begun);
  expect((await ask(R.getWatch, 'w')).body).toMatchObject({ generation: 1, run: null, nextAt: 7000 });
  now = 3000;
  for (const _ of [1, 2])
    expect((await ask(R.stopWatch, 'w')).body).toMatchObject({
      ...{ state: 'stopped', stoppedAt: 3000, nextAt: null, generation: 1 },
    });
  expect((await ask(R.putWatch, 'w', WATCH)).body).toMatchObject({ state: 'active', stoppedAt: null });
});

it.each<[object, string]>([
  [{ ...WATCH, intervalMs: 10 }, 'intervalMs'],
  [{ ...WATCH, run: { ...WATCH.run, runId: 'r' } }, 'run'],
  [{ ...WATCH, run: { ...WATCH.run, basedOn: { runId: 'r' } } }, 'run'],
  [{ ...WATCH, run: { ...WATCH.run, known: { of: 'r' } } }, 'run.known'],
  [{ ...WATCH, run: { ...WATCH.run, direction: undefined } }, 'run.direction'],
  [{ ...WATCH, run: { ...WATCH.run, source: 'nowhere' } }, 'run.source'],
  [{ ...WATCH, run: { ...WATCH.run, events: { topic: 'secret' } } }, 'run.events.topic'],
  [{ ...WATCH, run: { ...WATCH.run, tables: [{ name: 't', where: 'a = 1' }] } }, 'run.tables[0].where'],
])('the watch %j is refused at its place, and is not there', async (body, path) => {
  const { status, body: answer } = await ask(R.putWatch, 'w', body);
  expect([status, answer.error]).toEqual([400, 'invalid_watch']);
  expect(answer.problems.map((problem: { path: string }) => problem.path)).toContain(path);
  expect(await ledger.getWatch('w')).toBeUndefined();
});
