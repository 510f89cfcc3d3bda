import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestCli } from '../testing/testCli.ts';
import { type TestShop, testShop } from '../testing/testShop.ts';

/** No server listens on port 1. */
const NOBODY = 'mysql://root:secret@127.0.0.1:1/shop';

let shop: TestShop;
let cli: TestCli;
beforeAll(async () => {
  shop = await testShop();
  cli = await shop.cli();
  await onBoth(['CREATE TABLE keyless (a FLOAT)', 'CREATE TABLE retyped (id INT PRIMARY KEY, a DATE)']);
  const source = await connect(shop.databases.source.server, shop.databases.source.name);
  await source.query('CREATE TABLE one_sided (id INT PRIMARY KEY)');
  await source.end();
  const { name, server } = shop.databases.destination;
  const connection = await connect(server, name);
  await connection.query('ALTER TABLE keyless MODIFY a DOUBLE');
  await connection.query('DROP TABLE retyped');
  await connection.query('CREATE TABLE retyped (id INT PRIMARY KEY, a GEOMETRY)');
  await connection.end();
});
afterAll(async () => {
  await cli?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
});

async function onBoth(statements: readonly string[]): Promise<void> {
  for (const { name, server } of Object.values(shop.databases)) {
    const connection = await connect(server, name);
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  }
}

test.each([
  [['--tables', 'orders', '--bogus'], '--bogus'],
  [[], '--tables'],
  [['--tables', 'orders', '--shard-rows', 'many'], '--shard-rows'],
  [['--tables', 'orders', '--page-rows', '0'], '--page-rows'],
  [['--tables', 'orders', '--direction', 'LEFT'], '--direction'],
  [['--tables', 'orders', '--recheck-delays', '5,,5'], '--recheck-delays'],
  [['--tables', 'orders', '--run-id', 'a:b'], '--run-id'],
  [['--tables', 'orders', '--concurrency', '0'], '--concurrency'],
  [['--tables', 'orders', '--events', 'nowhere/events'], '--events'],
  [['--tables', 'orders', '--report', 'nowhere/report'], '--report'],
  [['--tables', 'orders', '--report', '-'], '--report'],
  [['--tables', 'orders', '--ledger', 'nowhere/ledger'], 'nowhere/ledger'],
])('wrong usage ends with 2 and names the flag: %j', async (flags, named) => {
  const end = await cli.run(['check', ...flags]);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain(named);
});

test.each([
  [['keyless'], 2, 'TABLE_WITHOUT_KEY'],
  [['retyped'], 2, 'COLUMN_TYPES_DIFFER'],
  [['one_sided'], 2, 'TABLE_ONLY_ON_SOURCE'],
  [['nothing_*'], 2, 'TABLE_NOT_FOUND'],
  [['customers', 'nothing'], 3, 'TABLE_NOT_FOUND'],
] as const)('of the tables %j the check ends with %i and says %s', async (tables, code, failure) => {
  const end = await cli.run(['check', '--tables', tables.join(), '--keep-going', '--report', 'report.json']);
  expect(end).toMatchObject({ code, stdout: '' });
  expect(end.stderr).toContain(failure);
  expect((await cli.report('report.json')).verdict).toBe('inconclusive');
});

test.each([
  ['no server', () => NOBODY, 'no server answers'],
  ['a wrong password', () => changed((url) => (url.password = 'wrong')), 'access denied'],
  ['an unknown database', () => changed((url) => (url.pathname = '/no_such_db')), 'no such database'],
  ['another protocol', () => changed((url) => url.href.replace('mysql', 'postgres')), 'mysql://'],
  ['a bare %', () => 'mysql://root:se%cret@127.0.0.1/shop', 'percent-encoded'],
])('%s ends with 2 at once', async (_, url, said) => {
  const end = await cli.run(['check', url(), '--tables', 'orders']);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain(said);
  expect(end.stderr).not.toMatch(/se%cret|wrong@|secret/);
});

test('no connection at all names the variable', async () => {
  await using bare = await shop.cli({ ROWPARITY_CONNECTION_DESTINATION: '' });
  const end = await bare.run(['check', '--tables', 'orders']);
  expect(end).toMatchObject({ code: 2 });
  expect(end.stderr).toContain('ROWPARITY_CONNECTION_DESTINATION');
});

test('a user who may not read ends with 2, and the next command is not hindered by it', async () => {
  const { server, name } = shop.databases.destination;
  const connection = await connect(server, name);
  await connection.query(`CREATE USER IF NOT EXISTS 'blind'@'%' IDENTIFIED BY 'Blind-1-eye'`);
  await connection.query(`GRANT INSERT ON \`${name}\`.* TO 'blind'@'%'`);
  try {
    const url = new URL(shop.databases.destination.url);
    Object.assign(url, { username: 'blind', password: 'Blind-1-eye' });
    const args = ['check', shop.databases.source.url, url.href, '--tables', 'orders'];
    for (const _ of [1, 2]) {
      const end = await cli.run(args);
      expect(end).toMatchObject({ code: 2, stdout: '' });
      expect(end.stderr).toContain('ACCESS_DENIED');
      expect(end.stderr).not.toContain('Blind-1-eye');
    }
  } finally {
    await connection.query(`DROP USER 'blind'@'%'`);
    await connection.end();
  }
});

test('a file that is no ledger is refused and left as it is', async () => {
  await writeFile(join(cli.folder, 'notes.txt'), 'mine\n'.repeat(500));
  const end = await cli.run(['check', '--tables', 'orders', '--ledger', 'notes.txt']);
  expect(end).toMatchObject({ code: 2 });
  expect(end.stderr).toContain('notes.txt');
  expect(await cli.lines('notes.txt')).toHaveLength(500);
});

function changed(change: (url: URL) => unknown): string {
  const url = new URL(shop.databases.source.url);
  const other = change(url);
  return typeof other === 'string' && other.includes('://') ? other : url.href;
}
