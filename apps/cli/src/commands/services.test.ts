// The commands that talk to the services, against servers of the test.
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MIGRATION, MIGRATION_GATE, RUN, reportIn, SPEC } from '@rowparity/client/testing/documents';
import { cut, type HostileServer, hostileServer, json, page } from '@rowparity/client/testing/hostileServer';
import type { DryRunAnswer } from '@rowparity/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type TestCli, testCli } from '../testing/testCli.ts';

const TOKEN = 'secret-token-of-16';

let cli: TestCli;
beforeAll(async () => {
  cli = await testCli({ ROWPARITY_HTTP_TOKEN: TOKEN });
  await writeFile(join(cli.folder, 'spec.json'), JSON.stringify(SPEC));
});
afterAll(() => cli?.[Symbol.asyncDispose]());

const submit = (coordinator: HostileServer, ...more: readonly string[]) =>
  cli.run(['submit', 'spec.json', '--coordinator', coordinator.url, ...more]);

it('submit orders the run with the token, and shows what the coordinator notes', async () => {
  const notes = [{ code: 'SHORTER_DELAY', message: 'Make no delay shorter.' }];
  await using coordinator = await hostileServer(json(202, { ...RUN, notes }));
  const end = await submit(coordinator);
  expect([end.code, end.stdout]).toEqual([0, 'r-1 accepted\n']);
  expect(end.stderr).toContain('Make no delay shorter.');
  expect([coordinator.asked, coordinator.authorizations]).toEqual([['POST /v1/runs'], [`Bearer ${TOKEN}`]]);
});

it.each([
  ['consistent', 0],
  ['inconsistent', 1],
  ['inconclusive', 3],
] as const)('submit --wait ends with the exit code of the verdict %s', async (verdict, code) => {
  await using coordinator = await hostileServer(json(202, RUN));
  await using reporter = await hostileServer(json(200, reportIn('settled', verdict)));
  expect((await submit(coordinator, '--wait', '--reporter', reporter.url)).code).toBe(code);
});

it('watch sits out a reporter that restarts, and tells of it once', async () => {
  const running = json(200, reportIn('running'));
  await using reporter = await hostileServer(
    running,
    cut,
    page(502),
    json(200, reportIn('settled', 'consistent')),
  );
  const end = await cli.run(['watch', 'r-1', '--reporter', reporter.url]);
  expect(end.code).toBe(0);
  expect(end.stderr.match(/Trying again/g)).toHaveLength(1);
});

it.each([
  ['watch', 'r-1'],
  ['report', 'r-1'],
  ['certificate', 'r-1'],
])('%s of a run that is not there ends as wrong usage', async (...args) => {
  await using reporter = await hostileServer(
    json(404, { error: 'run_unknown', message: 'There is no run "r-1".' }),
  );
  const end = await cli.run([...args, '--reporter', reporter.url]);
  expect([end.code, end.stdout]).toEqual([2, '']);
  expect(end.stderr).toContain('There is no run "r-1".');
});

const DRY_RUN: DryRunAnswer = {
  ...{ dryRun: true, runId: 'r-1', direction: 'SRC', existing: 'none', failure: null, shards: 3, notes: [] },
  tables: [
    {
      ...{ name: 'orders', source: 'orders', destination: 'orders_new', key: ['id', 'line'] },
      ...{ columns: 4, shards: 3, estimatedRows: 250_000, refusal: null },
    },
  ],
};
const REFUSED: DryRunAnswer['tables'][number] = {
  ...{ name: 'logs', source: null, destination: null, key: [], columns: 0, shards: 0, estimatedRows: 0 },
  refusal: { code: 'TABLE_ONLY_ON_SOURCE', message: 'Create it.' },
};

it.each([
  ['every table can be compared', DRY_RUN, 0],
  ['a table is refused', { ...DRY_RUN, tables: [...DRY_RUN.tables, REFUSED] }, 2],
  [
    'nothing can be planned',
    { ...DRY_RUN, tables: [], failure: { code: 'ACCESS_DENIED', message: 'No.' } },
    2,
  ],
  ['the id is taken', { ...DRY_RUN, existing: 'different' }, 2],
])('submit --dry-run shows the plan and orders nothing: %s', async (_what, planned, code) => {
  await using coordinator = await hostileServer(json(200, planned));
  const end = await submit(coordinator, '--dry-run');
  expect(end.code).toBe(code);
  expect(coordinator.asked).toEqual(['POST /v1/runs?dryRun=true']);
  for (const { name, refusal } of planned.tables) expect(end.stdout).toContain(refusal?.code ?? name);
  if (planned.failure) expect(end.stdout).toContain(planned.failure.code);
});

it('submit --dry-run and --wait are not for one command', async () => {
  await using coordinator = await hostileServer(json(200, DRY_RUN));
  expect((await submit(coordinator, '--dry-run', '--wait')).code).toBe(2);
  expect(coordinator.asked).toEqual([]);
});

it('a refused spec is told with every place', async () => {
  const problems = [
    { path: 'tables[0].name', message: 'too long' },
    { path: 'source', message: 'no such connection' },
  ];
  await using coordinator = await hostileServer(
    json(400, { error: 'invalid_spec', message: 'Not valid.', problems }),
  );
  const end = await submit(coordinator);
  expect(end.code).toBe(2);
  for (const { path, message } of problems) expect(end.stderr).toContain(`${path}: ${message}`);
});

it('a certificate that breaks off leaves no file, and is no success', async () => {
  await using reporter = await hostileServer((response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    response.write('{"kind":"header"}\n', () => response.destroy());
  });
  const end = await cli.run(['certificate', 'r-1', '--output', 'run.ndjson', '--reporter', reporter.url]);
  expect(end.code).toBe(3);
  expect(await readdir(cli.folder)).toEqual(['spec.json']);
});

it('cancel asks once, and a settled run is no error', async () => {
  await using coordinator = await hostileServer(
    json(202, { ...RUN, state: 'settled', verdict: 'consistent', settledAt: 2 }),
  );
  const end = await cli.run(['cancel', 'r-1', '--coordinator', coordinator.url]);
  expect([end.code, end.stdout]).toEqual([0, 'r-1 was settled before: consistent\n']);
  expect(coordinator.asked).toEqual(['POST /v1/runs/r-1/cancel']);
});

it.each([
  ['migrations', [], json(200, { migrations: [MIGRATION], unreadable: [] }), 'GET /v1/migrations'],
  ['migration show', ['move'], json(200, MIGRATION), 'GET /v1/migrations/move'],
  ['migration put', ['move', 'spec.json'], json(201, MIGRATION), 'PUT /v1/migrations/move'],
  ['migration run', ['move', '--number', '2'], json(202, MIGRATION), 'POST /v1/migrations/move/runs'],
  [
    'stage',
    ['move', 'src_first', '--from', 'src_only'],
    json(200, MIGRATION),
    'POST /v1/migrations/move/stage',
  ],
])('%s tells where the migration stands', async (command, args, answering, asked) => {
  await using coordinator = await hostileServer(answering);
  const end = await cli.run([...command.split(' '), ...args, '--coordinator', coordinator.url]);
  expect(end.code).toBe(0);
  expect(end.stdout).toContain('move  src_first (SRC), newest run move.1\n');
  expect(coordinator.asked).toEqual([asked]);
});

it('a stage that is not next ends as wrong usage, with what is next', async () => {
  const message = 'Migration move is in stage src_only. Switch to src_first.';
  await using coordinator = await hostileServer(json(409, { error: 'stage_not_next', message }));
  const end = await cli.run(['stage', 'move', 'dst_only', '--coordinator', coordinator.url]);
  expect([end.code, end.stdout]).toEqual([2, '']);
  expect(end.stderr).toContain(message);
});

it.each([
  [false, 'not ready', 1],
  [true, 'ready', 0],
])('gate --migration tells a person whether it may go on: %s', async (ready, words, code) => {
  const gate = { ...MIGRATION_GATE, ready, reasons: ready ? [] : MIGRATION_GATE.reasons };
  await using reporter = await hostileServer(json(200, gate));
  const asked = ['gate', '--migration', 'move', '--quiet-runs', '2', '--quiet-hours', '24'];
  const end = await cli.run([...asked, '--reporter', reporter.url]);
  expect(end.code).toBe(code);
  expect(end.stdout).toContain(
    `migration move in src_first, from which it goes to src_only or dst_first: ${words}`,
  );
  for (const { code: reason } of gate.reasons) expect(end.stdout).toContain(`- ${reason}: `);
  expect(reporter.asked).toEqual(['GET /v1/migrations/move/gate?quietRuns=2&quietMs=86400000']);
});

it('gate is asked for a run or for a migration, not for both', async () => {
  for (const args of [
    ['r-1', '--migration', 'move'],
    ['r-1', '--quiet-runs', '2'],
    ['--migration', 'move', '--direction', 'SRC'],
  ])
    expect((await cli.run(['gate', ...args])).code).toBe(2);
});
