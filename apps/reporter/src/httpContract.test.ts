import { type HttpRoute, migrationDefinition, REPORTER_ROUTES, runSpec } from '@rowparity/contracts';
import { type Ledger, type MigrationStore, migrationRunSpec } from '@rowparity/core';
import { memoryMigrations } from '@rowparity/core/testing/memoryMigrations';
import { createLog, registeredRoutes, systemClock } from '@rowparity/runtime';
import { askRoute } from '@rowparity/runtime/testing/askRoute';
import { openSqliteLedger } from '@rowparity/sqlite';
import { beforeEach, expect, it } from 'vitest';
import { createReporterApp } from './serveHttp.ts';

const TOKEN = '0123456789abcdef';
const R = REPORTER_ROUTES;
const ROUTES = Object.entries<HttpRoute>(R);

let ledger: Ledger;
let migrations: MigrationStore;
beforeEach(() => {
  ledger = openSqliteLedger({ path: ':memory:' });
  migrations = memoryMigrations(ledger);
});

async function app(httpToken?: string, used = ledger) {
  const log = createLog('test', 'silent');
  return createReporterApp(
    { ledger: used, migrations, log, clock: systemClock },
    { httpHost: '127.0.0.1', httpToken, metricsToken: undefined },
  );
}

async function order(runId: string): Promise<void> {
  const spec = { version: 1, runId, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
}

async function settledRun(runId: string): Promise<void> {
  await order(runId);
  const planning = await ledger.beginPlanning(runId);
  await ledger.refusePlan(planning, { code: 'ACCESS_DENIED', message: 'refused' }, 2);
}

it('every registered route is in the OpenAPI document, and the other way round', async () => {
  const http = await app();
  const registered = registeredRoutes(http).map(
    ({ method, path }) => `${method.toLowerCase()} ${path.replaceAll(/:(\w+)/g, '{$1}')}`,
  );
  const { paths } = (await askRoute(http, R.getOpenApi)).json() as {
    readonly paths: Readonly<Record<string, object>>;
  };
  const told = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(registered.toSorted()).toEqual(told.toSorted());
});

it.each(ROUTES)('%s wants the token unless it is open', async (_name, route) => {
  const http = await app(TOKEN);
  const asked = { params: { id: 'r-1', build: 'any', file: 'page.css' } };
  const bare = await askRoute(http, route, asked);
  expect(bare.statusCode === 401).toBe(route.access !== 'open');
  const shown = await askRoute(http, route, { ...asked, headers: { authorization: `Bearer ${TOKEN}` } });
  expect(shown.statusCode).not.toBe(401);
});

it.each(ROUTES.filter(([, { params, access }]) => params && access === 'token'))(
  '%s refuses an id that is none, and does not know another',
  async (_name, route) => {
    const http = await app();
    const bad = await askRoute(http, route, { params: { id: 'a:b' } });
    expect([bad.statusCode, bad.json().error, bad.json().problems[0].path]).toEqual([
      400,
      'bad_parameter',
      'id',
    ]);
    const unknown = await askRoute(http, route, { params: { id: 'nobody' } });
    expect([unknown.statusCode, unknown.json().error]).toEqual([
      404,
      route.path.startsWith('/v1/migrations') ? 'migration_unknown' : 'run_unknown',
    ]);
  },
);

it.each(ROUTES.filter(([, { access }]) => access === 'token'))(
  '%s refuses a parameter that it does not have',
  async (_name, route) => {
    const answer = await askRoute(await app(), route, { params: { id: 'r-1' }, query: 'surprise=1' });
    expect([answer.statusCode, answer.json().error]).toEqual([400, 'bad_parameter']);
  },
);

it('a run is listed and reported, open and settled; its certificate is written when it is settled', async () => {
  const http = await app();
  await order('open');
  await settledRun('done');
  const list = (await askRoute(http, R.listReportedRuns)).json();
  expect(list.runs.map((run: { runId: string }) => run.runId).toSorted()).toEqual(['done', 'open']);
  for (const [id, state] of [
    ['open', 'accepted'],
    ['done', 'settled'],
  ] as const) {
    for (const route of [R.getReport, R.getProgress]) {
      expect((await askRoute(http, route, { params: { id } })).json()).toMatchObject({ runId: id, state });
    }
  }
  const early = await askRoute(http, R.getCertificate, { params: { id: 'open' } });
  expect([early.statusCode, early.json().error]).toEqual([409, 'run_not_settled']);
  const written = await askRoute(http, R.getCertificate, { params: { id: 'done' } });
  expect(written.statusCode).toBe(200);
  expect(
    written.body
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)).length,
  ).toBeGreaterThan(1);
});

it('a ledger that does not answer is a 503 in the one shape, and the process is alive', async () => {
  const used = new Proxy(ledger, { get: () => () => Promise.reject(new Error('secret-word')) });
  const http = await app(undefined, used);
  for (const route of [R.isReady, R.listReportedRuns, R.getReport, R.getCertificate]) {
    const answer = await askRoute(http, route, { params: { id: 'r-1' } });
    expect([answer.statusCode, answer.json().error]).toEqual([503, 'unavailable']);
    expect(answer.body).not.toContain('secret-word');
  }
  expect((await askRoute(http, R.isAlive)).statusCode).toBe(200);
});

it('the gate of a migration tells every reason, by its own policy and by that of the question', async () => {
  const http = await app();
  const params = { id: 'move' };
  const spec = { version: 1, source: 's', destination: 'd', tables: [{ name: 't' }] } as const;
  const gate = { maxAgeMs: 1000 };
  await migrations.createMigration('move', migrationDefinition.parse({ version: 1, spec, gate }), 1);
  const codes = async (query?: string) => {
    const answer = await askRoute(http, R.getMigrationGate, { params, ...(query ? { query } : {}) });
    expect(answer.statusCode).toBe(200);
    return answer.json().reasons.map(({ code }: { code: string }) => code);
  };
  expect(await codes()).toEqual(['NO_RUN', 'NOT_QUIET']);
  const record = await migrations.getMigration('move');
  if (!record) throw new Error('expected the migration');
  const first = migrationRunSpec(record, 1);
  await migrations.beginMigrationRun({ migrationId: 'move', number: 1, spec: first, now: 2 });
  expect(await codes()).toEqual(['NO_RUN', 'RUN_UNDER_WAY', 'NOT_QUIET']);
  const planning = await ledger.beginPlanning('move.1');
  await ledger.refusePlan(planning, { code: 'ACCESS_DENIED', message: 'refused' }, 2);
  expect(await codes()).toEqual(['INCONCLUSIVE', 'NOTHING_COMPARED', 'TOO_OLD', 'NOT_QUIET']);
  expect(await codes(`maxAgeMs=${Date.now() + 3_600_000}`)).toEqual([
    'INCONCLUSIVE',
    'NOTHING_COMPARED',
    'NOT_QUIET',
  ]);
  const bad = await askRoute(http, R.getMigrationGate, { params, query: 'quietRuns=0' });
  expect([bad.statusCode, bad.json().error]).toEqual([400, 'bad_parameter']);
});

it.each(['/', '/runs/r-1', '/migrations/move.1', '/runs/r-1?x=1'])(
  '%s is the page, for everyone',
  async (url) => {
    const http = await app(TOKEN);
    const { statusCode, headers, body } = await http.inject(url);
    expect([statusCode, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    const [, script = ''] = /src="([^"]+)"/.exec(body) ?? [];
    expect((await http.inject(script)).headers['content-type']).toContain('text/javascript');
    const known = { 'if-none-match': String(headers.etag) };
    const again = await http.inject({ url, headers: known });
    expect([again.statusCode, again.body]).toEqual([304, '']);
  },
);

it.each([
  ...[
    '//',
    '/runs',
    '/runs/',
    '/runs/a/b',
    '/runs/a%2fb',
    '/runs/%72-1',
    '/RUNS/r-1',
    '/runs/.r',
    '/v1/runs',
  ],
  ...['/assets/a/b/c', '/;/v1/runs', '/runs/r-1;/v1/runs', '/migrations/', '/index.html'],
])('%s is no path of the page: it needs the token', async (url) => {
  expect((await (await app(TOKEN)).inject(url)).statusCode).toBe(401);
});

it('a file that the page does not have is not there', async () => {
  const answer = await askRoute(await app(TOKEN), R.getPageFile, {
    params: { build: 'x', file: 'index.ts' },
  });
  expect([answer.statusCode, answer.json().error]).toEqual([404, 'path_unknown']);
});

it('the stream of a settled run is its report, and ends', async () => {
  await settledRun('done');
  const { headers, body } = await askRoute(await app(), R.getLive, { params: { id: 'done' } });
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  const [, data = ''] = /^event: report\ndata: (.+)\n\n$/.exec(body) ?? [];
  expect(JSON.parse(data)).toMatchObject({ runId: 'done', state: 'settled' });
});

it('a map has as many cells as were asked for, and migrations are listed', async () => {
  const http = await app();
  await settledRun('done');
  const map = await askRoute(http, R.getShardMap, { params: { id: 'done' }, query: 'cells=7' });
  expect(map.json()).toMatchObject({ runId: 'done', shards: 0, timeline: null });
  for (const query of ['cells=0', 'cells=5001', 'cells=x'])
    expect((await askRoute(http, R.getShardMap, { params: { id: 'done' }, query })).statusCode).toBe(400);
  const spec = { version: 1, source: 's', destination: 'd', tables: [{ name: 't' }] } as const;
  await migrations.createMigration('move', migrationDefinition.parse({ version: 1, spec }), 1);
  expect((await askRoute(http, R.listReportedMigrations)).json()).toEqual({
    migrations: [{ migrationId: 'move', stage: 'src_only', direction: 'SRC', runs: 0, runId: null }],
    unreadable: [],
  });
});
