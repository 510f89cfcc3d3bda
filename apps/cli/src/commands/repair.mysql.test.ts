// `rowparity repair`: the statements of a check's events make a second check consistent, in both directions, and the
// undo brings back what was.
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, type SideName } from '@rowparity/testkit';
import { describe, expect, test } from 'vitest';
import type { TestCli } from '../testing/testCli.ts';
import { type TestShop, testShop } from '../testing/testShop.ts';

const QUICK = ['--recheck-delays', '1,1', '--quiet'];

async function sqlOn(shop: TestShop, side: SideName, ...statements: readonly string[]) {
  const { server, name } = shop.databases[side];
  const connection = await connect(server, name);
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

/** Runs a file as the mysql client would: statement by statement, on one session. */
async function runFile(shop: TestShop, side: SideName, cli: TestCli, file: string): Promise<void> {
  const text = await readFile(join(cli.folder, file), 'utf8');
  await sqlOn(shop, side, ...text.split('\n').filter((line) => line !== '' && !line.startsWith('--')));
}

async function checksums(shop: TestShop, side: SideName): Promise<string> {
  const { server, name } = shop.databases[side];
  const connection = await connect(server, name);
  const [tables] = await connection.query<never[]>('SHOW TABLES');
  const names = (tables as Record<string, string>[]).map((row) => `\`${Object.values(row)[0]}\``);
  const [sums] = await connection.query(`CHECKSUM TABLE ${names.join(', ')}`);
  await connection.end();
  return JSON.stringify(sums);
}

describe.each([
  ['SRC', 'destination'],
  ['DST', 'source'],
] as const)('direction %s', (direction, judged) => {
  test('the shop’s differences are repaired on the judged side, compared again, and taken back', async () => {
    await using shop = await testShop(direction);
    await using cli = await shop.cli();
    const check = ['check', '--tables', '*', '--direction', direction, '--events', 'events.ndjson', ...QUICK];
    expect((await cli.run(check)).code).toBe(1);
    const before = await checksums(shop, judged);
    const end = await cli.run(['repair', 'events.ndjson', '--sql', 'repair.sql']);
    expect(end).toMatchObject({
      code: 0,
      stderr: expect.stringContaining(`${shop.planted.length} statements in repair.sql`),
    });
    expect((await stat(join(cli.folder, 'repair.sql'))).mode & 0o077).toBe(0);
    await runFile(shop, judged, cli, 'repair.sql');
    expect((await cli.run([...check.slice(0, 5), '--events', 'second.ndjson', ...QUICK])).code).toBe(0);
    await runFile(shop, judged, cli, 'repair.sql.undo.sql');
    expect(await checksums(shop, judged)).toBe(before);
  });
});

test('renamed tables and columns, foreign keys, and what is left out is named', async () => {
  await using shop = await testShop();
  await using cli = await shop.cli();
  await sqlOn(
    ...([shop, 'source'] as const),
    'CREATE TABLE authors (id INT PRIMARY KEY, name VARCHAR(20))',
    'CREATE TABLE books (id INT PRIMARY KEY, author INT, title VARCHAR(20), FOREIGN KEY (author) REFERENCES authors (id))',
    "INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob'), (3, 'Cyd'), (4, 'Dan')",
    "INSERT INTO books VALUES (10, 2, 'new'), (11, 1, 'kept'), (12, 1, 'changed')",
  );
  await sqlOn(
    ...([shop, 'destination'] as const),
    'CREATE TABLE writers (id INT PRIMARY KEY, full_name VARCHAR(20))',
    'CREATE TABLE books (id INT PRIMARY KEY, author INT, title VARCHAR(20), FOREIGN KEY (author) REFERENCES writers (id) ON DELETE CASCADE)',
    "INSERT INTO writers VALUES (1, 'Ada'), (3, 'CYD'), (4, 'DAN'), (9, 'extra')",
    "INSERT INTO books VALUES (11, 1, 'kept'), (12, 1, 'chang'), (90, 9, 'extra')",
  );
  const flags = ['--map', 'authors=writers', '--map', 'authors.name=full_name'];
  const check = ['check', '--tables', 'books,authors', ...flags, '--events', 'events.ndjson', ...QUICK];
  expect((await cli.run(check)).code).toBe(1);
  // Since the check one row was repaired, one differs otherwise, and one event is of a row that was unstable.
  await sqlOn(
    shop,
    'destination',
    "UPDATE writers SET full_name = 'Cyd' WHERE id = 3",
    'DELETE FROM writers WHERE id = 4',
  );
  const events = await readFile(join(cli.folder, 'events.ndjson'), 'utf8');
  const unstable = events.replace(/^(.*"title".*)"confirmed"(.*)$/m, '$1"unstable"$2');
  await writeFile(join(cli.folder, 'events.ndjson'), unstable);
  const end = await cli.run(['repair', 'events.ndjson', '--sql', 'repair.sql', ...flags]);
  expect(end.code).toBe(3);
  expect(end.stderr).toContain('1 row equal by now');
  const sql = await readFile(join(cli.folder, 'repair.sql'), 'utf8');
  expect(sql).toMatch(/-- Left out: 1 row different in another way than the event says/);
  expect(sql).toMatch(/-- {3}books id=12 \(still changing/);
  const order = [...sql.matchAll(/^(DELETE FROM|INSERT INTO) `[^`]+`\.`(\w+)`/gm)].map(
    ([, verb, table]) => `${verb} ${table}`,
  );
  expect(order).toEqual([
    'DELETE FROM books',
    'DELETE FROM writers',
    'INSERT INTO writers',
    'INSERT INTO books',
  ]);
  await runFile(shop, 'destination', cli, 'repair.sql');
  const again = await cli.run([...check.slice(0, -3), ...QUICK, '--events', 'second.ndjson']);
  expect(again.code).toBe(1);
  expect((await cli.lines('second.ndjson')).map((line) => JSON.parse(line).ID).sort()).toEqual([12, 4]);
});

test('a key that would end a comment stays in it', async () => {
  await using shop = await testShop();
  await using cli = await shop.cli();
  for (const side of ['source', 'destination'] as const) {
    await sqlOn(shop, side, 'CREATE TABLE odd (k VARCHAR(60) PRIMARY KEY, v INT)');
  }
  await sqlOn(shop, 'source', String.raw`INSERT INTO odd VALUES ('x\nDROP TABLE odd; -- ''\\', 1)`);
  await cli.run(['check', '--tables', 'odd', '--events', 'events.ndjson', ...QUICK]);
  expect((await cli.run(['repair', 'events.ndjson', '--sql', 'repair.sql'])).code).toBe(0);
  await runFile(shop, 'destination', cli, 'repair.sql');
  expect((await cli.run(['check', '--tables', 'odd', '--events', 'second.ndjson', ...QUICK])).code).toBe(0);
});

test.each([
  [['repair', 'events.ndjson'], '--sql'],
  [['repair', 'none.ndjson', '--sql', 'repair.sql'], 'none.ndjson'],
  [['repair', 'both.ndjson', '--sql', 'repair.sql'], 'events of one direction'],
  [['repair', 'both.ndjson', '--sql', 'repair.sql', '--batch', '0'], '--batch'],
])('%j is refused: %s', async (args, words) => {
  await using shop = await testShop();
  await using cli = await shop.cli();
  const event = (direction: string) =>
    `{"ID":1,"Direction":"${direction}","Type":"neq","Table":"customers"}\n`;
  await writeFile(join(cli.folder, 'both.ndjson'), `${event('SRC')}${event('DST').replace('1', '2')}`);
  const end = await cli.run(args);
  expect(end).toMatchObject({ code: 2, stderr: expect.stringContaining(words) });
});
