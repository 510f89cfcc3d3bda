// A verdict is of the run that was asked for: never of an earlier one, and never told by silence alone.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestCli } from '../testing/testCli.ts';
import { type TestShop, testShop } from '../testing/testShop.ts';

const ORDERS = ['check', '--tables', 'orders', '--recheck-delays', '50,50'];

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop();
  await onBoth('CREATE TABLE nothing_in_it (id INT PRIMARY KEY)');
});
afterAll(() => shop?.[Symbol.asyncDispose]());

async function onBoth(statement: string): Promise<void> {
  for (const place of ['source', 'destination'] as const) await on(place, statement);
}

async function on(place: 'source' | 'destination', statement: string): Promise<void> {
  const { server, name } = shop.databases[place];
  const connection = await connect(server, name);
  await connection.query(statement);
  await connection.end();
}

const ledgersOf = async (cli: TestCli) => (await readdir(join(cli.folder, '.rowparity'))).sort();

test('after a settled run --resume compares anew, and says so', async () => {
  await using cli = await shop.cli();
  const args = [...ORDERS, '--resume', '--quiet', '--report', 'report.json'];
  expect(await cli.run(args)).toMatchObject({ code: 0, stderr: '' });
  const first = await cli.report('report.json');
  await on('destination', 'CREATE TABLE kept AS SELECT * FROM orders ORDER BY id LIMIT 1');
  await on('destination', 'DELETE FROM orders ORDER BY id LIMIT 1');
  try {
    const end = await cli.run(args);
    expect(end).toMatchObject({ code: 1 });
    expect(end.stderr).toContain(`run ${first.runId} is settled`);
    const second = await cli.report('report.json');
    expect(second).toMatchObject({ verdict: 'inconsistent', counts: { targetMissing: 1 } });
    expect(second.runId).not.toBe(first.runId);
    expect(await ledgersOf(cli)).toHaveLength(2);
  } finally {
    await on('destination', 'INSERT INTO orders SELECT * FROM kept');
    await on('destination', 'DROP TABLE kept');
  }
});

test('a settled run in a named ledger is not continued either', async () => {
  await using cli = await shop.cli();
  const args = [...ORDERS, '--resume', '--ledger', 'own.sqlite'];
  expect((await cli.run(args)).stderr).toContain('nothing to resume');
  const again = await cli.run(args);
  expect(again).toMatchObject({ code: 0 });
  expect(again.stderr).toContain('is settled, so there is nothing to continue');
});

test('with --quiet a continued run that is consistent still says when it was compared', async () => {
  await using cli = await shop.cli();
  const args = [...ORDERS, '--quiet', '--shard-rows', '100', '--run-id', 'twice'];
  const first = cli.start(args.filter((flag) => flag !== '--quiet'));
  await first.begun;
  first.child.kill('SIGINT');
  const stopped = await first.end;
  // On a fast machine it may have ended before the signal came.
  if (stopped.code === 0) return;
  const end = await cli.run([...args, '--resume']);
  expect(end).toMatchObject({ code: 0, stdout: '' });
  expect(end.stderr).toContain('✓ Consistent');
  expect(end.stderr).toMatch(/compared from \d{4}-.* to \d{4}-/);
});

test('zero rows are said aloud, also with --quiet', async () => {
  await using cli = await shop.cli();
  const end = await cli.run(['check', '--tables', 'nothing_in_it', '--quiet', '--report', 'report.json']);
  expect(end).toMatchObject({ code: 0 });
  expect(end.stderr).toContain('0 rows were compared.');
  const { notes } = await cli.report('report.json');
  expect(notes.map(({ code }) => code)).toContain('NO_ROWS_COMPARED');
  const some = await cli.run(['check', '--tables', 'orders,nothing_in_it']);
  expect(some.stderr).toContain('0 rows were compared in 1 of 2 tables: nothing_in_it.');
});

test('report and certificate are written again from the ledger, byte for byte and without a server', async () => {
  await using cli = await shop.cli({});
  const made = ['--report', 'report.json', '--certificate', 'run.ndjson', '--run-id', 'kept'];
  expect((await cli.run([...ORDERS, ...made])).code).toBe(0);
  const report = await cli.run(['report', '--ledger', 'kept', '--json']);
  expect(report).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(report.stdout)).toEqual(await cli.report('report.json'));
  expect((await cli.run(['report', 'kept', '--ledger', '.rowparity/kept.sqlite'])).stdout).toContain(
    '✓ Consistent',
  );
  expect(await cli.run(['certificate', '--ledger', 'kept', '--output', 'again.ndjson'])).toMatchObject({
    code: 0,
  });
  expect(await cli.lines('again.ndjson')).toEqual(await cli.lines('run.ndjson'));
  const shown = await cli.run(['certificate', 'kept', '--ledger', '.rowparity/kept.sqlite']);
  expect(shown.stdout).toBe(`${(await cli.lines('run.ndjson')).join('\n')}\n`);
});

test('the newest run of a comparison is found by the beginning of its name, and nothing is made where there is none', async () => {
  await using cli = await shop.cli();
  const { stderr } = await cli.run(ORDERS);
  const runId = /beginning run (\S+):/.exec(stderr)?.[1] ?? '';
  await cli.run(ORDERS);
  const newest = (await ledgersOf(cli)).at(-1)?.replace('.sqlite', '');
  const comparison = runId.slice(0, runId.lastIndexOf('-'));
  const { stdout } = await cli.run(['report', '--ledger', comparison, '--json']);
  expect(JSON.parse(stdout)).toMatchObject({ runId: newest });
  for (const args of [
    ['report', '--ledger', 'none.sqlite'],
    ['certificate', '--ledger', 'none.sqlite'],
    ['report'],
  ])
    expect(await cli.run(args)).toMatchObject({ code: 2, stdout: '' });
  await expect(cli.lines('none.sqlite')).rejects.toMatchObject({ code: 'ENOENT' });
});

test('report and certificate name servers, databases, connections and spec, and no password', async () => {
  await using cli = await shop.cli();
  expect((await cli.run([...ORDERS, '--report', 'report.json', '--certificate', 'run.ndjson'])).code).toBe(0);
  const report = await cli.report('report.json');
  for (const place of ['source', 'destination'] as const) {
    const { name, server } = shop.databases[place];
    expect(report[place]).toMatchObject({
      connection: expect.stringMatching(new RegExp(`^${place}_`)),
      server: { database: name, port: expect.stringMatching(/^\d+$/), version: expect.stringMatching(/^\d/) },
    });
    expect(JSON.stringify(report) + (await cli.lines('run.ndjson')).join()).not.toContain(
      `${server.password}@`,
    );
  }
  expect(report.spec).toMatchObject({ runId: report.runId, tables: [{ name: 'orders' }] });
  expect(report.comparedFrom).toBeGreaterThanOrEqual(report.createdAt);
  expect(report.comparedTo).toBeLessThanOrEqual(report.settledAt as number);
  const header = JSON.parse((await cli.lines('run.ndjson'))[0] as string);
  expect(header.servers).toMatchObject({
    base: { database: shop.databases.source.name },
    target: { database: shop.databases.destination.name },
  });
});
