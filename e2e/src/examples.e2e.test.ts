// The examples as their README says: an orchestrator, a consumer and a repairer in Go, as processes on real services.

import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { RowparityClient } from '@rowparity/client';
import { ROOT, repeatEvents } from '@rowparity/harness';
import { connect, type SideName } from '@rowparity/testkit';
import { kafkaServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const WAIT = { timeout: 60_000, interval: 50 };
const run = promisify(execFile);

let scene: Scene;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowparity-examples-'));
  scene = await openScene({ label: 'examples', redisDatabase: 6 });
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE orders (id INT PRIMARY KEY, n INT)',
    'INSERT INTO orders VALUES (1, 1), (2, 2), (3, 3)',
  );
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface End {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Started {
  readonly ended: Promise<End>;
  readonly lines: () => readonly string[];
  stop(): void;
}

interface StartInput {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
}

function start({ program, args, env, input }: StartInput): Started {
  const child = spawn(program, args, { env: { PATH: process.env.PATH, ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => {
    stdout += part;
  });
  child.stderr.on('data', (part: Buffer) => {
    stderr += part;
  });
  child.stdin.end(input);
  return {
    ended: new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code) => resolve({ code, stdout, stderr }));
    }),
    lines: () => stdout.split('\n').filter(Boolean),
    stop: () => void child.kill('SIGTERM'),
  };
}

const example = (name: string) => join(ROOT, 'examples', name, 'src', 'main.ts');

/** Prints the events of the topic until so many lines are there, and is stopped. */
async function consume(lines: number, topic: string): Promise<readonly string[]> {
  const env = {
    KAFKA_BROKERS: kafkaServer().brokers.join(','),
    TOPIC: topic,
    GROUP: `examples-${Date.now()}`,
  };
  const consumer = start({ program: process.execPath, args: [example('consumer')], env });
  await vi.waitFor(() => expect(consumer.lines().length).toBeGreaterThanOrEqual(lines), WAIT);
  consumer.stop();
  const { code, stderr } = await consumer.ended;
  expect([code, stderr]).toEqual([0, expect.stringContaining('"printed"')]);
  return consumer.lines();
}

test('the orchestrator stops at a closed gate, and goes on through all stages when it opens', async () => {
  const { coordinatorUrl, reporterUrl } = scene.system;
  const { runId: _, direction: _way, ...spec } = scene.spec('x', { tables: [{ name: 'orders' }] });
  const file = join(folder, 'migration.json');
  await writeFile(file, JSON.stringify({ version: 1, spec }));
  const program = join(folder, 'switch-application');
  await writeFile(program, `#!/bin/sh\necho "switching $1 $2"\n`, { mode: 0o700 });
  const env = { ROWPARITY_COORDINATOR: coordinatorUrl, ROWPARITY_REPORTER: reporterUrl };
  const walk = (more: Readonly<Record<string, string>> = {}) =>
    start({
      ...{ program: process.execPath, args: [example('orchestrator'), 'walked', file, program] },
      env: { ...env, ...more },
    }).ended;

  await execute(scene.pair, 'destination', 'UPDATE orders SET n = 9 WHERE id = 2');
  const closed = await walk({ TRIES_MAX: '2', AGAIN_MS: '10' });
  expect(closed.code).toBe(1);
  expect(closed.stdout.match(/not ready to leave src_only/g)).toHaveLength(2);
  expect(closed.stdout).toContain('- DIFFERENCES: 1 row differs, in orders (1).');
  expect(closed.stdout).not.toContain('switching');

  await execute(scene.pair, 'destination', 'UPDATE orders SET n = 2 WHERE id = 2');
  const walked = await walk();
  expect([walked.code, walked.stderr]).toEqual([0, '']);
  expect(walked.stdout.match(/switching \w+ \w+/g)).toEqual([
    'switching src_only src_first',
    'switching src_first dst_first',
    'switching dst_first dst_only',
  ]);
  const client = new RowparityClient({ coordinator: coordinatorUrl });
  expect(await client.migrations.get('walked')).toMatchObject({ stage: 'dst_only', direction: 'DST' });
});

test('the consumer prints each event once, as it was sent, also when a worker sent it twice', async () => {
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE wide (id BIGINT UNSIGNED PRIMARY KEY, n INT)',
    'INSERT INTO wide VALUES (9007199254740993, 1), (18446744073709551615, 2)',
  );
  await execute(scene.pair, 'destination', 'DELETE FROM wide');
  await scene.run(scene.spec('consumed', { tables: [{ name: 'wide' }] }));
  const sent = (await scene.eventsOf('consumed')).map(({ text }) => text).sort();
  expect(await repeatEvents({ brokers: kafkaServer().brokers, topic: scene.topic, runId: 'consumed' })).toBe(
    2,
  );
  // The topic has those of the other runs, too; a later run marks the end.
  await execute(scene.pair, 'destination', 'UPDATE orders SET n = 9 WHERE id = 1');
  await scene.run(scene.spec('marker', { tables: [{ name: 'orders' }] }));
  await execute(scene.pair, 'destination', 'UPDATE orders SET n = 1 WHERE id = 1');
  const before = (await Promise.all(['walked.1', 'walked.2'].map((id) => scene.eventsOf(id)))).flat().length;
  const lines = await consume(before + 3, scene.topic);
  const own = lines.filter((line) => line.includes('"RunID":"consumed"')).sort();
  expect(own).toEqual(sent);
  expect(own.join()).toContain('"ID":9007199254740993,');
});

/** The reason why Go programs cannot be built here; undefined where they can. */
async function builtRepairer(): Promise<string | { readonly missing: string }> {
  const program = join(folder, 'repairer');
  const cwd = join(ROOT, 'examples', 'repairer-go');
  try {
    await run('go', ['vet', './...'], { cwd });
    await run('go', ['test', './...'], { cwd });
    await run('go', ['build', '-o', program, '.'], { cwd });
    return program;
  } catch (error) {
    const { code, stderr = '' } = error as { readonly code?: unknown; readonly stderr?: string };
    if (code === 'ENOENT') return { missing: 'there is no Go on this machine' };
    if (/dial tcp|no such host|proxyconnect/.test(stderr))
      return { missing: 'the Go module proxy is not reached' };
    throw error;
  }
}

const TYPES = `CREATE TABLE types (
  a DECIMAL(20, 2) NOT NULL, b BINARY(4) NOT NULL, c VARCHAR(20) CHARACTER SET latin1 NOT NULL,
  made INT GENERATED ALWAYS AS (n * 2) VIRTUAL, kept INT GENERATED ALWAYS AS (n + 1) STORED,
  n INT, big BIGINT UNSIGNED, stamp TIMESTAMP(6) NULL, wall DATETIME(6), span TIME(3), share FLOAT, exact DOUBLE,
  flags BIT(10), kind ENUM('x', 'y'), tags SET('p', 'q'), doc JSON, bytes BLOB, nothing INT, PRIMARY KEY (a, b, c))`;
const COLUMNS = 'a, b, c, n, big, stamp, wall, span, share, exact, flags, kind, tags, doc, bytes, nothing';
const row = (a: string, b: string, n: number) =>
  `(${a}, X'${b}', 'Ä''s', ${n}, 18446744073709551615, '2026-03-29 01:30:00.123456', '2026-03-29 02:30:00.5', '-838:59:58.5',
    0.1, 0.1, b'1000000001', 'y', 'p,q', '{"a": 1.0}', X'00FF27', NULL)`;

async function dsnOf(side: SideName): Promise<string> {
  const url = new URL(scene.pair[side].url);
  const login = [url.username, url.password].map(decodeURIComponent).join(':');
  return `${login}@tcp(${url.host})${url.pathname}`;
}

test('the repairer makes every kind of row the same, in both directions, and only in that of the migration', async (context) => {
  const program = await builtRepairer();
  if (typeof program !== 'string') return context.skip(program.missing);
  await execute(
    ...([scene.pair, 'both'] as const),
    TYPES,
    // Two decimals that are one double.
    `INSERT INTO types (${COLUMNS}) VALUES ${row('123456789012345678.01', '00000001', 1)},
      ${row('123456789012345678.02', '00000001', 5)}, ${row('1.50', 'FF000001', 2)}, ${row('-2.00', '00000003', 3)}`,
    'CREATE TABLE counted (id BIGINT UNSIGNED AUTO_INCREMENT PRIMARY KEY, name VARCHAR(9) UNIQUE)',
    "SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO'",
    "INSERT INTO counted VALUES (0, 'zero'), (9007199254740993, 'wide')",
  );
  await execute(
    ...([scene.pair, 'destination'] as const),
    "DELETE FROM types WHERE b = X'00000001' AND n = 1",
    "UPDATE types SET n = 7, stamp = NULL, share = 9 WHERE b = X'FF000001'",
    `INSERT INTO types (${COLUMNS}) VALUES ${row('8.25', '00000004', 4)}`,
    'DELETE FROM counted',
  );
  const tables = [{ name: 'types' }, { name: 'counted' }];
  const client = new RowparityClient({ coordinator: scene.system.coordinatorUrl });
  const { runId: _, direction: _way, ...spec } = scene.spec('x', { tables });
  await client.migrations.put('repaired', { version: 1, spec, stage: 'src_first' });

  const [source, destination] = await Promise.all([dsnOf('source'), dsnOf('destination')]);
  const env = { SOURCE_DSN: source, DESTINATION_DSN: destination };
  const options = ['-tables', 'types,counted', '-migration', 'repaired'];
  options.push('-coordinator', scene.system.coordinatorUrl);
  const repair = async (runId: string, ...more: readonly string[]) => {
    const input = (await scene.eventsOf(runId)).map(({ text }) => `${text}\n`).join('');
    const end = await start({ program, args: [...options, ...more], env, input: input + input }).ended;
    return { ...end, counts: JSON.parse(end.stderr.trim().split('\n').at(-1) ?? '') as object };
  };
  const verdictOf = async (runId: string, direction: 'SRC' | 'DST') =>
    (await scene.run(scene.spec(runId, { tables, direction }))).verdict;

  expect(await verdictOf('repair-1', 'SRC')).toBe('inconsistent');
  expect(await repair('repair-1')).toMatchObject({
    code: 0,
    counts: { inserted: 3, updated: 1, deleted: 1 },
  });
  expect(await verdictOf('repair-2', 'SRC')).toBe('inconsistent');
  await client.migrations.switchStage('repaired', 'dst_first');
  expect(await repair('repair-2', '-apply')).toMatchObject({ code: 0, counts: { otherDirection: 10 } });
  await client.migrations.switchStage('repaired', 'src_first');
  const limited = await repair('repair-2', '-apply', '-max', '2');
  expect([limited.code, limited.stderr]).toEqual([1, expect.stringContaining('2 rows were written')]);
  const applied = await repair('repair-2', '-apply');
  expect([applied.code, applied.stdout.trim().split('\n')]).toEqual([0, expect.any(Array)]);
  expect(await verdictOf('repair-3', 'SRC')).toBe('consistent');

  // What two sessions see is what was there at first, generated columns, zero and all.
  const admin = await connect(scene.pair.destination.server, scene.pair.destination.name);
  const [[kept], ids] = await Promise.all([
    admin.query(
      "SELECT made, kept, CAST(share AS CHAR) AS share, HEX(c) AS c FROM types WHERE b = X'FF000001'",
    ),
    admin.query('SELECT CAST(id AS CHAR) AS id FROM counted ORDER BY id'),
  ]).finally(() => admin.end());
  expect(kept).toMatchObject([{ made: 4, kept: 3, share: '0.1', c: 'C42773' }]);
  expect(ids[0]).toMatchObject([{ id: '0' }, { id: '9007199254740993' }]);

  // The other way round: the destination is right, and what only the source has is removed.
  await client.migrations.switchStage('repaired', 'dst_first');
  await execute(scene.pair, 'source', "UPDATE types SET doc = '[]' WHERE b = X'00000003'");
  await execute(scene.pair, 'source', `INSERT INTO types (${COLUMNS}) VALUES ${row('3.25', '00000009', 9)}`);
  expect(await verdictOf('repair-4', 'DST')).toBe('inconsistent');
  expect(await repair('repair-4', '-apply')).toMatchObject({
    code: 0,
    counts: { updated: 1, deleted: 1, repeat: 2 },
  });
  expect(await verdictOf('repair-5', 'DST')).toBe('consistent');
});
