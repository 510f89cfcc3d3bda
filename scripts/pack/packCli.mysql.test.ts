// The packed command line as a stranger gets it: installed from its file into an empty folder, with nothing else of
// this repository, it compares two real databases.

import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@rowparity/testkit';
import { freshDatabases } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildCli } from './buildCli.ts';

/** Gives a program a terminal. */
const SCRIPT = '/usr/bin/script';

let folder: string;
let packages: readonly string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowparity-pack-'));
  packages = await buildCli(join(folder, 'built'));
  const packed = npm(['pack', '--silent', '--pack-destination', folder], join(folder, 'built')).trim();
  await writeFile(join(folder, 'package.json'), '{"private":true}');
  npm(['install', '--silent', '--prefer-offline', join(folder, packed)], folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function npm(args: readonly string[], cwd: string): string {
  return execFileSync('npm', [...args], { cwd, encoding: 'utf8' });
}

const bin = () => join(folder, 'node_modules', '@rowparity', 'cli', 'bin', 'rowparity.mjs');

function rowparity(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  return spawnSync(process.execPath, [bin(), ...args], {
    ...{ cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    env: { PATH: process.env.PATH ?? '', ...env },
  });
}

test('it needs what check needs: no client of Kafka or Redis, no HTTP server, no test tools, no file with types', async () => {
  expect(packages).toContain('mysql2');
  const installed = await readdir(join(folder, 'node_modules'));
  for (const name of [
    'kafkajs',
    'ioredis',
    'bullmq',
    'fastify',
    'prom-client',
    'vitest',
    'typescript',
    'rolldown',
  ])
    expect(installed).not.toContain(name);
  const lib = join(folder, 'node_modules', '@rowparity', 'cli');
  const files = await readdir(lib, { recursive: true });
  expect(files.filter((file) => file.endsWith('.ts') && !file.includes('node_modules'))).toEqual([]);
  expect(JSON.parse(await readFile(join(lib, 'package.json'), 'utf8'))).toMatchObject({
    name: '@rowparity/cli',
  });
});

test('it compares two databases, shows the rows, writes the repair, and explains a failure', async () => {
  const { source, destination } = await freshDatabases();
  for (const [place, { server, name }] of Object.entries({ source, destination })) {
    const admin = await connect(server, name);
    await admin.query('CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9))');
    await admin.query('INSERT INTO t VALUES ?', [
      [
        [1, 'same'],
        [2, place.slice(0, 3)],
      ],
    ]);
    await admin.end();
  }
  const env = {
    ROWPARITY_CONNECTION_SOURCE: source.url,
    ROWPARITY_CONNECTION_DESTINATION: destination.url,
  };
  const check = ['check', '--tables', '*', '--recheck-delays', '1,1', '--events', 'e.ndjson'];
  const checked = rowparity(check, env);
  expect(checked.status, checked.stderr).toBe(1);
  expect(checked.stderr).toContain('Inconsistent: 1 row differs in 1 table');
  expect(rowparity(['diff', 'e.ndjson'], env).stdout).toContain("'sou'");
  const repaired = rowparity(['repair', 'e.ndjson', '--sql', 'repair.sql'], env);
  expect(repaired.status, repaired.stderr).toBe(0);
  expect(await readFile(join(folder, 'repair.sql'), 'utf8')).toContain('UPDATE');
  expect(rowparity(['explain', 'TABLE_WITHOUT_KEY']).stdout).toContain('No PRIMARY KEY');
  expect(rowparity(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  await Promise.all([source.drop(), destination.drop()]);
});

test('what it loads only when it is needed is there: YAML, the width of other scripts, a picture on a terminal', async (context) => {
  const { source, destination } = await freshDatabases();
  for (const { server, name } of [source, destination]) {
    const admin = await connect(server, name);
    await admin.query('CREATE TABLE `訂單` (id INT PRIMARY KEY)');
    await admin.query('INSERT INTO `訂單` VALUES (1)');
    await admin.end();
  }
  const env = {
    ROWPARITY_CONNECTION_SOURCE: source.url,
    ROWPARITY_CONNECTION_DESTINATION: destination.url,
  };
  await writeFile(join(folder, 'run.yaml'), 'version: 1\ndirection: SRC\ntables:\n  - pattern: "*"\n');
  const checked = rowparity(['check', '--spec', 'run.yaml'], env);
  expect(checked.status, checked.stderr).toBe(0);
  expect(checked.stderr).toContain('訂單  1 row   match');
  if (!existsSync(SCRIPT)) context.skip('no script program of util-linux here');
  const command = `exec '${process.execPath}' '${bin()}' check --tables '*'`;
  const shown = spawnSync(SCRIPT, ['-qefc', command, '/dev/null'], {
    ...{ cwd: folder, encoding: 'utf8' },
    env: { PATH: process.env.PATH ?? '', TERM: 'xterm-256color', SHELL: '/bin/sh', ...env },
  });
  expect(shown.status, shown.stdout).toBe(0);
  expect(shown.stdout).toContain('訂單');
  await Promise.all([source.drop(), destination.drop()]);
});
