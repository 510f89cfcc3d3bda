import { COORDINATOR_ROUTES, Fault, type HttpRoute, type RunSpecInput } from '@rowparity/contracts';
import type { Catalog, Ledger } from '@rowparity/core';
import { createLog, createMetrics, registeredRoutes, systemClock } from '@rowparity/runtime';
import { askRoute } from '@rowparity/runtime/testing/askRoute';
import { openSqliteLedger } from '@rowparity/sqlite';
import { beforeEach, expect, it } from 'vitest';
import { createCoordinatorApp } from './serveHttp.ts';

const TOKEN = '0123456789abcdef';
const R = COORDINATOR_ROUTES;
const SPEC: RunSpecInput = {
  ...{ version: 1, runId: 'r-1', source: 'old', destination: 'new', direction: 'SRC' },
  tables: [{ name: 'orders' }],
};

const { runId: _, ...TEMPLATE } = SPEC;
const WATCH = { version: 1, run: TEMPLATE };

type Routes = typeof R;
type WithBody = {
  [Name in keyof Routes]: Routes[Name] extends { body: object } ? Name : never;
}[keyof Routes];
/** A valid body of each route that takes one. */
const BODIES: Readonly<Record<WithBody, object>> = {
  submitRun: SPEC,
  rerunRun: { runId: 'r-2' },
  recheckRun: { runId: 'r-3' },
  putWatch: WATCH,
};
const bodyOf = (name: string) => (name in BODIES ? { body: BODIES[name as WithBody] } : {});

let ledger: Ledger;
beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
});

interface AppInput {
  readonly httpToken?: string;
  readonly used?: Ledger;
  /** What every question to a database does. */
  readonly asked?: (signal: AbortSignal) => Promise<never>;
}

const DENIED = new Fault('configuration', { code: 'ACCESS_DENIED', message: 'no such login' });

async function app({ httpToken, used = ledger, asked = () => Promise.reject(DENIED) }: AppInput = {}) {
  const answer = (...args: readonly unknown[]) =>
    asked(args.find((one) => one instanceof AbortSignal) as AbortSignal);
  const catalog = () => new Proxy({} as Catalog, { get: () => answer });
  const log = createLog('test', 'silent');
  return createCoordinatorApp(
    {
      ...{ ledger: used, clock: systemClock, log, allowPredicates: false },
      known: { connections: ['OLD', 'NEW'], topics: ['dbMove'] },
      supervisor: { silentMs: 0 },
      metrics: createMetrics('coordinator'),
      catalog,
    },
    { httpHost: '127.0.0.1', httpToken, metricsToken: undefined },
  );
}

async function settle(runId: string): Promise<void> {
  await ledger.settle(runId, { verdict: 'inconclusive', failure: null, now: 2 });
}

it('every registered route is in the OpenAPI document, and the other way round', async () => {
  const registered = registeredRoutes(await app()).map(
    ({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  );
  const { paths } = (await askRoute(await app(), R.getOpenApi)).json() as {
    readonly paths: Readonly<Record<string, object>>;
  };
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(registered.toSorted()).toEqual(told.toSorted());
});

it.each(Object.entries<HttpRoute>(R))('%s wants the token unless it is open', async (name, route) => {
  const http = await app({ httpToken: TOKEN });
  const asked = { params: { id: 'r-1' }, ...bodyOf(name) };
  const bare = await askRoute(http, route, asked);
  expect(bare.statusCode === 401).toBe(route.access !== 'open');
  if (route.access !== 'open') expect(bare.json().error).toBe('token_needed');
  const shown = await askRoute(http, route, { ...asked, headers: { authorization: `Bearer ${TOKEN}` } });
  expect(shown.statusCode).not.toBe(401);
});

it.each(Object.entries<HttpRoute>(R).filter(([, { params }]) => params))(
  '%s refuses an id that is none, and does not know another one',
  async (name, route) => {
    const http = await app();
    const bad = await askRoute(http, route, { params: { id: 'a:b' }, ...bodyOf(name) });
    expect([bad.statusCode, bad.json().error, bad.json().problems[0].path]).toEqual([
      400,
      'bad_parameter',
      'id',
    ]);
    const unknown = await askRoute(http, route, { params: { id: 'nobody' }, ...bodyOf(name) });
    // What is put is there then.
    if (route.method === 'PUT') expect(unknown.statusCode).toBe(200);
    else {
      const error = route.path.includes('watches') ? 'watch_unknown' : 'run_unknown';
      expect([unknown.statusCode, unknown.json().error]).toEqual([404, error]);
    }
  },
);

it.each(Object.entries<HttpRoute>(R).filter(([, { access }]) => access === 'token'))(
  '%s refuses a parameter that it does not have',
  async (name, route) => {
    const asked = { params: { id: 'r-1' }, query: 'surprise=1', ...bodyOf(name) };
    const answer = await askRoute(await app(), route, asked);
    expect([answer.statusCode, answer.json().error]).toEqual([400, 'bad_parameter']);
    expect(await ledger.getRun('r-1')).toBeUndefined();
  },
);

it('a run is ordered, seen, listed, cancelled and deleted', async () => {
  const http = await app();
  const ordered = await askRoute(http, R.submitRun, { body: SPEC });
  expect([ordered.statusCode, ordered.json()]).toEqual([
    202,
    expect.objectContaining({ runId: 'r-1', state: 'accepted' }),
  ]);
  expect((await askRoute(http, R.getRun, { params: { id: 'r-1' } })).json()).toEqual(ordered.json());
  expect((await askRoute(http, R.listRuns)).json()).toMatchObject({
    runs: [{ runId: 'r-1' }],
    unreadable: [],
  });
  expect((await askRoute(http, R.getBacklog)).json()).toEqual({ backlog: 0 });
  const early = await askRoute(http, R.deleteRun, { params: { id: 'r-1' } });
  expect([early.statusCode, early.json().error]).toEqual([409, 'run_open']);
  const cancelled = await askRoute(http, R.cancelRun, { params: { id: 'r-1' } });
  expect([cancelled.statusCode, cancelled.json().cancelRequested]).toEqual([202, true]);
  await settle('r-1');
  expect((await askRoute(http, R.cancelRun, { params: { id: 'r-1' } })).json()).toMatchObject({
    state: 'settled',
  });
  expect((await askRoute(http, R.deleteRun, { params: { id: 'r-1' } })).statusCode).toBe(204);
  expect((await askRoute(http, R.getRun, { params: { id: 'r-1' } })).statusCode).toBe(404);
});

it('one spec, posted 20 times at once, is one run', async () => {
  const http = await app();
  const all = await Promise.all(
    Array.from({ length: 20 }, () => askRoute(http, R.submitRun, { body: SPEC })),
  );
  expect(new Set(all.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
  expect(new Set(all.map(({ body }) => body)).size).toBe(1);
  expect((await askRoute(http, R.listRuns)).json().runs).toHaveLength(1);
});

it('of 20 different specs of one id, posted at once, one is a run', async () => {
  const http = await app();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      askRoute(http, R.submitRun, { body: { ...SPEC, tables: [{ name: `t${i}` }] } }),
    ),
  );
  const refused = all.filter(({ statusCode }) => statusCode === 409);
  expect(refused).toHaveLength(19);
  expect(new Set(refused.map((answer) => answer.json().error))).toEqual(new Set(['run_exists']));
});

it.each([
  ['an unknown field', { ...SPEC, tabels: [] }, '(the whole spec)'],
  ['an unknown connection', { ...SPEC, source: 'olt' }, 'source'],
  [
    'a predicate, which is not allowed here',
    { ...SPEC, tables: [{ name: 't', where: 'id > 1' }] },
    'tables[0].where',
  ],
  ['no tables', { ...SPEC, tables: [] }, 'tables'],
])('a spec with %s is refused with the place', async (_what, body, path) => {
  const answer = await askRoute(await app(), R.submitRun, { body });
  expect([answer.statusCode, answer.json().error]).toEqual([400, 'invalid_spec']);
  expect(answer.json().problems.map((problem: { path: string }) => problem.path)).toEqual([path]);
  expect(await ledger.getRun('r-1')).toBeUndefined();
});

it('a ledger that does not answer is a 503 in the one shape, and the process is alive', async () => {
  const gone = new Error('secret-word');
  const used = new Proxy(ledger, { get: () => () => Promise.reject(gone) });
  const http = await app({ used });
  for (const route of [
    R.isReady,
    R.listRuns,
    R.getRun,
    R.submitRun,
    R.cancelRun,
    R.deleteRun,
    R.getBacklog,
  ]) {
    const body = route === R.submitRun ? { body: SPEC } : {};
    const answer = await askRoute(http, route, { params: { id: 'r-1' }, ...body });
    expect([answer.statusCode, answer.json().error]).toEqual([503, 'unavailable']);
    expect(answer.body).not.toContain('secret-word');
  }
  expect((await askRoute(http, R.isAlive)).statusCode).toBe(200);
});

it('a dry run of a spec makes no run, and has the failure that the run would have', async () => {
  const http = await app();
  const planned = await askRoute(http, R.submitRun, { body: SPEC, query: 'dryRun=true' });
  expect([planned.statusCode, planned.json()]).toEqual([
    200,
    expect.objectContaining({
      ...{ dryRun: true, runId: 'r-1', existing: 'none', tables: [] },
      failure: { code: 'ACCESS_DENIED', message: 'no such login' },
    }),
  ]);
  expect((await askRoute(http, R.listRuns)).json().runs).toEqual([]);
});

it('a dry run refuses what an order refuses, and tells whether the id is taken', async () => {
  const http = await app();
  const dry = (body: object) => askRoute(http, R.submitRun, { body, query: 'dryRun=true' });
  const bad = await dry({ ...SPEC, source: 'olt' });
  expect([bad.statusCode, bad.json().problems[0].path]).toEqual([400, 'source']);
  await askRoute(http, R.submitRun, { body: SPEC, query: 'dryRun=false' });
  expect((await dry(SPEC)).json().existing).toBe('same');
  expect((await dry({ ...SPEC, direction: 'DST' })).json().existing).toBe('different');
  expect((await askRoute(http, R.listRuns)).json().runs).toHaveLength(1);
});

it('few dry runs are under way at one time, and the end of one makes room', async () => {
  const held: PromiseWithResolvers<never>[] = [];
  const asked = () => {
    const one = Promise.withResolvers<never>();
    held.push(one);
    return one.promise;
  };
  const http = await app({ asked });
  const dry = () => askRoute(http, R.submitRun, { body: SPEC, query: 'dryRun=true' });
  const first = [dry(), dry()];
  await expect.poll(() => held.length).toBeGreaterThan(1);
  const third = await dry();
  expect([third.statusCode, third.json().error]).toEqual([429, 'too_many_dry_runs']);
  const all = Promise.all(first);
  const release = setInterval(() => held.splice(0).forEach(({ reject }) => void reject(DENIED)), 1);
  expect((await all).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  expect((await dry()).statusCode).toBe(200);
  clearInterval(release);
});

it('an error of ours in a dry run is no failure of the run', async () => {
  const http = await app({ asked: () => Promise.reject(new Error('secret-word')) });
  const answer = await askRoute(http, R.submitRun, { body: SPEC, query: 'dryRun=true' });
  expect([answer.statusCode, answer.json().error]).toEqual([503, 'unavailable']);
  expect(answer.body).not.toContain('secret-word');
});
