import {
  COORDINATOR_ROUTES,
  doctorReportOf,
  Fault,
  type HttpRoute,
  type MigrationDefinitionInput,
  type RunSpecInput,
} from '@rowparity/contracts';
import { type Catalog, type Ledger, type MigrationStore, migrationRunSpec } from '@rowparity/core';
import { memoryMigrations } from '@rowparity/core/testing/memoryMigrations';
import { memoryWebhooks } from '@rowparity/core/testing/memoryWebhooks';
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

const { runId: _id, direction: _way, ...TEMPLATE } = SPEC;
const MIGRATION: MigrationDefinitionInput = { version: 1, spec: TEMPLATE };
const WATCH = { version: 1, run: { ...TEMPLATE, direction: _way } };

type Routes = typeof R;
type WithBody = {
  [Name in keyof Routes]: Routes[Name] extends { body: object } ? Name : never;
}[keyof Routes];
/** A valid body of each route that takes one. */
const BODIES: Readonly<Record<WithBody, object>> = {
  submitRun: SPEC,
  rerunRun: { runId: 'r-2' },
  putMigration: MIGRATION,
  switchStage: { stage: 'src_first' },
  orderMigrationRun: {},
  recheckRun: { runId: 'r-3' },
  putWatch: WATCH,
};
const bodyOf = (name: string) => (name in BODIES ? { body: BODIES[name as WithBody] } : {});

let ledger: Ledger;
let migrations: MigrationStore;
beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
  migrations = memoryMigrations(ledger);
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
      known: { connections: ['OLD', 'NEW'], topics: ['dbMove'], webhooks: [] },
      supervisor: { silentMs: 0 },
      diagnosis: { report: async () => doctorReportOf([]) },
      metrics: createMetrics('coordinator'),
      ...{ catalog, migrations, webhooks: memoryWebhooks() },
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

it.each(Object.entries<HttpRoute>(R).filter(([, { params, method }]) => params && method !== 'PUT'))(
  '%s refuses an id that is none, and does not know another',
  async (name, route) => {
    const http = await app();
    const bad = await askRoute(http, route, { params: { id: 'a:b' }, ...bodyOf(name) });
    expect([bad.statusCode, bad.json().error, bad.json().problems[0].path]).toEqual([
      400,
      'bad_parameter',
      'id',
    ]);
    const unknown = await askRoute(http, route, { params: { id: 'nobody' }, ...bodyOf(name) });
    const [, , kind] = route.path.split('/');
    const error = { migrations: 'migration_unknown', watches: 'watch_unknown' }[kind ?? ''] ?? 'run_unknown';
    expect([unknown.statusCode, unknown.json().error]).toEqual([404, error]);
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

const M = { id: 'move' };
const putMigration =
  (body: object = MIGRATION) =>
  async () =>
    askRoute(await app(), R.putMigration, { params: M, body });

it('a migration is put, switched forth and back, given a run, listed and deleted', async () => {
  const http = await app();
  const ask = async (route: HttpRoute, body?: object) => {
    const answer = await askRoute(http, route, { params: M, ...(body ? { body } : {}) });
    return [answer.statusCode, answer.body === '' ? undefined : answer.json()];
  };
  const first = await ask(R.putMigration, MIGRATION);
  expect(first).toMatchObject([
    201,
    { migrationId: 'move', stage: 'src_only', direction: 'SRC', neighbours: ['src_first'], runId: null },
  ]);
  expect(await ask(R.putMigration, MIGRATION)).toEqual([200, first[1]]);
  expect(await ask(R.switchStage, { stage: 'dst_first' })).toMatchObject([409, { error: 'stage_not_next' }]);
  expect(await ask(R.switchStage, { stage: 'src_first', expected: 'dst_only' })).toMatchObject([
    409,
    { error: 'stage_other' },
  ]);
  for (const _twice of [1, 2]) {
    expect(await ask(R.switchStage, { stage: 'src_first', expected: 'src_only' })).toMatchObject([
      200,
      { stage: 'src_first', neighbours: ['src_only', 'dst_first'] },
    ]);
  }
  expect(await ask(R.switchStage, { stage: 'sideways' })).toMatchObject([400, { error: 'invalid_body' }]);
  expect(await ask(R.putMigration, MIGRATION)).toMatchObject([200, { stage: 'src_first' }]);
  expect(await ask(R.putMigration, { ...MIGRATION, schedule: { everyMs: 5000 } })).toMatchObject([
    409,
    { error: 'migration_exists' },
  ]);
  expect(await ask(R.orderMigrationRun, { number: 2 })).toMatchObject([409, { error: 'run_number_ahead' }]);
  for (const body of [{}, { number: 1 }])
    expect(await ask(R.orderMigrationRun, body)).toMatchObject([202, { ordered: 1, runs: 0 }]);
  const record = await migrations.getMigration('move');
  if (!record) throw new Error('expected the migration');
  const spec = migrationRunSpec(record, 1);
  await migrations.beginMigrationRun({ migrationId: 'move', number: 1, spec, now: 1 });
  expect(await ask(R.getMigration)).toMatchObject([200, { runId: 'move.1', runs: 1 }]);
  expect(await ask(R.deleteMigration)).toMatchObject([409, { error: 'run_open' }]);
  await settle('move.1');
  const list = await askRoute(http, R.listMigrations);
  expect(list.json()).toMatchObject({ migrations: [{ migrationId: 'move' }], unreadable: [] });
  expect(await ask(R.deleteMigration)).toEqual([204, undefined]);
  expect(await ask(R.getMigration)).toMatchObject([404, { error: 'migration_unknown' }]);
});

it.each([
  ['a direction of its own', { ...MIGRATION, spec: { ...TEMPLATE, direction: 'SRC' } }, 'spec'],
  ['a run id', { ...MIGRATION, spec: { ...TEMPLATE, runId: 'r-1' } }, 'spec'],
  ['an unknown connection', { ...MIGRATION, spec: { ...TEMPLATE, source: 'olt' } }, 'spec.source'],
  [
    'a table that would be compared with itself',
    { ...MIGRATION, spec: { ...TEMPLATE, destination: 'old' } },
    'spec.destination',
  ],
  ['a schedule without a pause', { ...MIGRATION, schedule: { everyMs: 1 } }, 'schedule.everyMs'],
])('a migration with %s is refused with the place', async (_what, body, path) => {
  const answer = await putMigration(body)();
  expect([answer.statusCode, answer.json().error]).toEqual([400, 'invalid_migration']);
  expect(answer.json().problems.map((problem: { path: string }) => problem.path)).toEqual([path]);
  expect(await migrations.getMigration('move')).toBeUndefined();
});

it('20 orders to switch from one stage, at once, switch it once', async () => {
  await putMigration({ ...MIGRATION, stage: 'src_first' })();
  const http = await app();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) => {
      const body = { stage: i % 2 === 0 ? 'dst_first' : 'src_only', expected: 'src_first' };
      return askRoute(http, R.switchStage, { params: M, body });
    }),
  );
  expect(new Set(all.map(({ statusCode }) => statusCode))).toEqual(new Set([200, 409]));
  expect((await migrations.getMigration('move'))?.switches).toHaveLength(1);
});

it('one migration, put 20 times at once, is one; of 20 different bodies one is taken', async () => {
  const http = await app();
  const putAll = (id: string, bodyAt: (i: number) => object) =>
    Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        askRoute(http, R.putMigration, { params: { id }, body: bodyAt(i) }),
      ),
    );
  const same = await putAll('same', () => MIGRATION);
  expect(same.map(({ statusCode }) => statusCode).toSorted()).toEqual([...Array(19).fill(200), 201]);
  expect(new Set(same.map(({ body }) => body)).size).toBe(1);
  const different = await putAll('different', (i) => ({ ...MIGRATION, schedule: { everyMs: 5000 + i } }));
  expect(different.map(({ statusCode }) => statusCode).toSorted()).toEqual([201, ...Array(19).fill(409)]);
});

it('one run, ordered 20 times at once by its number or by none, is one order', async () => {
  await putMigration()();
  const http = await app();
  const all = await Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      askRoute(http, R.orderMigrationRun, { params: M, body: i % 2 === 0 ? { number: 1 } : {} }),
    ),
  );
  expect(new Set(all.map(({ statusCode }) => statusCode))).toEqual(new Set([202]));
  expect(await migrations.getMigration('move')).toMatchObject({ runs: 0, ordered: 1 });
});
