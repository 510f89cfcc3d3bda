import type { FailureCode, RunSpecInput } from '@rowparity/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type DatabasePair, openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

/** Nothing listens there: the port is reserved. */
const NOWHERE = 'mysql://root@127.0.0.1:1/nowhere';

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({
    label: 'namedOutcomes',
    redisDatabase: 4,
    connections: (pair) => ({
      unreachable: NOWHERE,
      wrong: wrongPassword(pair),
      nodatabase: noDatabase(pair),
      again: pair.source.url,
    }),
  });
  await makeTables(scene.pair);
});
afterAll(() => scene?.[Symbol.asyncDispose]());

function wrongPassword({ destination }: DatabasePair): string {
  const url = new URL(destination.url);
  url.username = 'nobody';
  url.password = 'not-the-password';
  return url.href;
}

function noDatabase({ destination }: DatabasePair): string {
  const url = new URL(destination.url);
  url.pathname += '_which_is_not_there';
  return url.href;
}

async function makeTables(pair: DatabasePair): Promise<void> {
  const rows = '(1, 10), (2, 20), (3, 30)';
  await execute(
    pair,
    'both',
    'CREATE TABLE fine (id INT PRIMARY KEY, n INT)',
    `INSERT INTO fine VALUES ${rows}`,
    'CREATE TABLE keyless (id INT, n FLOAT)',
    'CREATE TABLE rows_alone (a INT, b VARCHAR(20))',
    "INSERT INTO rows_alone VALUES (1, 'x'), (1, 'x'), (2, NULL), (3, 'y')",
    'CREATE TABLE half_empty (id INT PRIMARY KEY, n INT)',
    'CREATE TABLE both_empty (id INT PRIMARY KEY, n INT)',
  );
  await execute(
    pair,
    'source',
    'CREATE TABLE only_here (id INT PRIMARY KEY)',
    'CREATE TABLE narrower (id INT PRIMARY KEY, n INT, extra INT)',
    `INSERT INTO half_empty VALUES ${rows}`,
  );
  await execute(
    pair,
    'destination',
    'ALTER TABLE keyless MODIFY n DOUBLE',
    'DELETE FROM rows_alone LIMIT 1',
    "UPDATE rows_alone SET b = 'z' WHERE a = 3",
    'CREATE TABLE only_there (id INT PRIMARY KEY)',
    'CREATE TABLE narrower (id INT PRIMARY KEY, n INT)',
  );
}

interface Case {
  readonly what: string;
  readonly code: FailureCode;
  readonly changes: Partial<RunSpecInput>;
}

const CASES: readonly Case[] = [
  { what: 'an unreachable server', code: 'SERVER_UNREACHABLE', changes: { destination: 'unreachable' } },
  { what: 'a wrong password', code: 'ACCESS_DENIED', changes: { destination: 'wrong' } },
  { what: 'a database compared with itself', code: 'SAME_DATABASE', changes: { destination: 'again' } },
  { what: 'a missing database', code: 'DATABASE_UNKNOWN', changes: { destination: 'nodatabase' } },
  { what: 'a table only on the source', code: 'TABLE_ONLY_ON_SOURCE', changes: only('only_here') },
  { what: 'a table only on the destination', code: 'TABLE_ONLY_ON_DESTINATION', changes: only('only_there') },
  { what: 'a table on neither side', code: 'TABLE_NOT_FOUND', changes: only('nowhere') },
  {
    what: 'a table without a key whose rows the sides write in two ways',
    code: 'TABLE_WITHOUT_KEY',
    changes: only('keyless'),
  },
  { what: 'a missing column', code: 'COLUMN_MISSING', changes: only('narrower') },
  {
    what: 'a fence by a heartbeat that is not there',
    code: 'FENCE_REFUSED',
    changes: {
      recheck: { fence: { kind: 'heartbeat', upstream: 'source', table: 'nowhere', column: 'ts' } },
    },
  },
  {
    what: 'a column to leave out that no table has',
    code: 'COLUMN_MISSING',
    changes: { excludeColumns: ['nn'] },
  },
];

/** With a sound table beside it: a refusal must show although the other table matches. */
function only(name: string): Partial<RunSpecInput> {
  return { tables: [{ name: 'fine' }, { name }] };
}

test.each(CASES)('$what is $code and never consistent', async ({ what, code, changes }) => {
  const runId = what.replaceAll(' ', '-');
  const report = await scene.run(scene.spec(runId, { tables: [{ name: 'fine' }], ...changes }));
  expect(report.failures.map((failure) => failure.code)).toContain(code);
  expect(report).toMatchObject({ verdict: 'inconclusive', complete: false });
  expect(JSON.stringify(report)).not.toContain('not-the-password');
  expect(await scene.eventsOf(report.runId)).toEqual([]);
});

test.each([
  ['SRC', { targetMissing: 3, baseMissing: 0 }],
  ['DST', { targetMissing: 0, baseMissing: 3 }],
] as const)('an empty side is rows that are missing, in direction %s', async (direction, counts) => {
  const runId = `half-empty-${direction}`;
  const report = await scene.run(scene.spec(runId, { direction, tables: [{ name: 'half_empty' }] }));
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true, counts });
  expect(await scene.eventsOf(runId)).toHaveLength(3);
});

test.each([
  [{ destination: 'destinaton' }, 'destination', 'the closest: destination'],
  [{ source: 'source', destination: 'SOURCE' }, 'destination', 'the same connection'],
])('%j is refused when it is ordered, at %s', async (changes, path, said) => {
  const response = await fetch(`${scene.system.coordinatorUrl}/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(scene.spec('refused', { tables: [{ name: 'fine' }], ...changes })),
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({
    error: 'invalid_spec',
    problems: [{ path, message: expect.stringContaining(said) }],
  });
});

test('a table that is empty on both sides is consistent', async () => {
  const report = await scene.run(scene.spec('both-empty', { tables: [{ name: 'both_empty' }] }));
  expect(report).toMatchObject({
    verdict: 'consistent',
    complete: true,
    counts: { rowsBase: 0, rowsTarget: 0 },
    notes: expect.arrayContaining([expect.objectContaining({ code: 'NO_ROWS_COMPARED' })]),
    source: { connection: 'source', server: { database: scene.pair.source.name } },
    destination: { connection: 'destination', server: { database: scene.pair.destination.name } },
  });
  const gateOf = async (path: string) => {
    const answer = await fetch(`${scene.system.reporterUrl}/v1/runs/${path}`);
    return { status: answer.status, body: await answer.json() };
  };
  expect(await gateOf('both-empty/gate')).toMatchObject({
    status: 200,
    body: { ready: false, reasons: [{ code: 'NOTHING_COMPARED' }] },
  });
  expect(await gateOf('both-empty/gate?maxAgeMs=soon')).toMatchObject({
    status: 400,
    body: { error: 'bad_parameter' },
  });
  expect(await gateOf('no-such-run/gate')).toMatchObject({ status: 404, body: { error: 'run_unknown' } });
});

test('a table without a key gets a verdict from the services, and each row that differs is told by its digest', async () => {
  const runId = 'rows-alone';
  const report = await scene.run(scene.spec(runId, { tables: [{ name: 'rows_alone' }] }));
  const counts = { targetMissing: 2, baseMissing: 1, neq: 0 };
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true, counts });
  const events = await scene.eventsOf(runId);
  expect(events).toHaveLength(3);
});
