import { mkdir, readdir, readFile, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { runSpec } from '@rowparity/contracts';
import { openSqliteLedger } from '@rowparity/sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesIn } from '../testing/testCli.ts';
import { plantedCounts, plantedLines, reportedLines, type TestShop, testShop } from '../testing/testShop.ts';

const ALL = ['check', '--tables', '*', '--recheck-delays', '100,200', '--shard-rows', '1000'];

let clean: TestShop;
beforeAll(async () => {
  clean = await testShop();
});
afterAll(() => clean?.[Symbol.asyncDispose]());

test('a clean copy is consistent and silent', async () => {
  await using cli = await clean.cli();
  const end = await cli.run([...ALL, '--quiet', '--report', 'report.json']);
  expect(end).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  expect(await cli.report('report.json')).toMatchObject({
    verdict: 'consistent',
    complete: true,
    counts: { candidates: 0, targetMissing: 0, neq: 0, baseMissing: 0 },
  });
});

test('a finished check is no hindrance for the next one', async () => {
  await using cli = await clean.cli();
  expect((await cli.run(ALL)).code).toBe(0);
  expect((await cli.run(ALL)).code).toBe(0);
});

test('the ledger of a run that was settled long ago is removed at the next start, a young one is not', async () => {
  await using cli = await clean.cli();
  const folder = join(cli.folder, '.rowparity');
  await mkdir(folder);
  const path = join(folder, 'long-ago.sqlite');
  const ledger = openSqliteLedger({ path });
  const spec = { version: 1, runId: 'long-ago', source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  await ledger.settle('long-ago', { verdict: 'inconclusive', failure: null, now: 2 });
  await ledger.close();
  await utimes(path, 2, 2);
  for (const runId of ['first', 'second']) {
    expect((await cli.run([...ALL, '--run-id', runId])).code).toBe(0);
  }
  expect((await readdir(folder)).sort()).toEqual(['first.sqlite', 'second.sqlite']);
});

test.each(['SRC', 'DST'] as const)(
  'in direction %s the events are exactly what was planted',
  async (direction) => {
    await using shop = await testShop(direction);
    await using cli = await shop.cli();
    const end = await cli.run([...ALL, '--direction', direction, '--report', 'report.json']);
    expect(end.code).toBe(1);
    expect(reportedLines(linesIn(end.stdout))).toEqual(plantedLines(shop.planted));
    expect(await cli.report('report.json')).toMatchObject({
      verdict: 'inconsistent',
      complete: true,
      direction,
      counts: plantedCounts(shop.planted),
    });
  },
);

test('minimal events have the three fields of old, and a new run begins its file anew', async () => {
  await using shop = await testShop('SRC');
  await using cli = await shop.cli();
  const args = ['check', '--tables', 'orders', '--recheck-delays', '50', '--events', 'events.ndjson'];
  expect((await cli.run(args)).code).toBe(1);
  expect((await cli.run([...args, '--format', 'minimal'])).code).toBe(1);
  const lines = await cli.lines('events.ndjson');
  expect(lines).toHaveLength(shop.planted.filter(({ table }) => table === 'orders').length);
  for (const line of lines) expect(line).toMatch(/^\{"ID":-?\d+,"Direction":"SRC","Type":"[a-z_]+"\}$/);
});

test('explain shows schemas, key, shards and SQL, compares nothing and leaves no trace', async () => {
  await using cli = await clean.cli();
  const { code, stdout } = await cli.run([
    'check',
    '--tables',
    'order*',
    '--explain',
    '--shard-rows',
    '1000',
    '--page-rows',
    '700',
  ]);
  expect(code).toBe(0);
  for (const part of [
    'table orders',
    'table order_items',
    'index PRIMARY',
    'key     id (integer)',
    'decimal(10,2)',
  ])
    expect(stdout).toContain(part);
  expect(stdout).toMatch(/^link to the source: round trip .* ms, .* MB\/s a connection; not compressed/m);
  expect(stdout).toMatch(
    /SELECT `id`, .* FROM `\w+`\.`orders` .*WHERE .*`id` > \? .*ORDER BY `id` LIMIT \d+/,
  );
  await expect(cli.lines('.rowparity')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('no password shows in what the command says', async () => {
  const { source, destination } = clean.databases;
  await using cli = await clean.cli({
    ROWPARITY_CONNECTION_SOURCE: '',
    ROWPARITY_CONNECTION_DESTINATION: '',
  });
  const end = await cli.run(['check', source.url, destination.url, '--tables', 'orders,nothing']);
  expect(end.code).toBe(2);
  for (const { server } of [source, destination])
    expect(end.stdout + end.stderr).not.toContain(server.password);
});

test('a password among the arguments does not stay in the list of processes', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('needs /proc');
  await using shop = await testShop('SRC');
  await using cli = await shop.cli();
  const { source, destination } = shop.databases;
  // The differences are rechecked for so long that the process is there to be looked at.
  const flags = ['--tables', 'orders', '--recheck-delays', '10000'];
  const { child, begun, end } = cli.start(['check', source.url, destination.url, ...flags]);
  await begun;
  const shown = await readFile(`/proc/${child.pid}/cmdline`, 'utf8');
  child.kill('SIGKILL');
  await end;
  expect(shown).toMatch(/^rowparity check/);
  for (const { server } of [source, destination]) expect(shown).not.toContain(server.password);
});
