// A fault of one table is that table's alone: the others are compared, and the report is written.
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestShop, testShop } from '../testing/testShop.ts';

let shop: TestShop;
const admins: Awaited<ReturnType<typeof connect>>[] = [];

beforeAll(async () => {
  shop = await testShop();
  for (const { server, name } of Object.values(shop.databases)) {
    const connection = await connect(server, name);
    await connection.query('CREATE TABLE locked (id INT PRIMARY KEY, v INT)');
    await connection.query('CREATE TABLE free (id INT PRIMARY KEY, v INT)');
    await connection.query('INSERT INTO locked VALUES (1, 1)');
    await connection.query('INSERT INTO free VALUES (1, 1), (2, 2)');
    admins.push(connection);
  }
  await admins[1]?.query('UPDATE free SET v = 20 WHERE id = 2');
});

afterAll(async () => {
  await Promise.all(admins.map((admin) => admin.end()));
  await shop?.[Symbol.asyncDispose]();
});

test('a table that is locked the whole time is inconclusive by name, and the others are compared', async () => {
  const { url } = shop.databases.destination;
  await using cli = await shop.cli({ ROWPARITY_CONNECTION_DESTINATION: `${url}&statementMs=1000` });
  await admins[1]?.query('LOCK TABLES locked WRITE');
  // A shard is tried nine times, for about a minute: a lock is mostly gone by then.
  const end = await cli.run(['check', '--tables', 'locked,free', '--report', 'report.json']);
  await admins[1]?.query('UNLOCK TABLES');
  expect(end.code).toBe(1);
  expect(end.stderr).toContain('STATEMENT_TIMEOUT');
  expect(await cli.report('report.json')).toMatchObject({
    verdict: 'inconsistent',
    complete: false,
    counts: { neq: 1 },
    failures: [{ table: 'locked', code: 'STATEMENT_TIMEOUT' }],
    tables: [
      { name: 'locked', outcome: 'inconclusive' },
      { name: 'free', outcome: 'differs' },
    ],
  });
});

test('a view in the place of a table, and a sequence or view that a pattern leaves out, are named', async () => {
  await admins[1]?.query('CREATE VIEW seen AS SELECT * FROM free');
  await admins[0]?.query('CREATE TABLE seen (id INT PRIMARY KEY, v INT)');
  await using cli = await shop.cli();
  const named = await cli.run(['check', '--tables', 'seen']);
  expect(named.code).toBe(2);
  expect(named.stderr).toContain('seen is a view on the destination');
  await admins[0]?.query('DROP TABLE seen');
  await admins[0]?.query('CREATE VIEW seen AS SELECT * FROM free');
  const all = await cli.run(['check', '--tables', 'se*,free', '--report', 'report.json']);
  expect(all.stderr).toContain('Left out on the source: view seen');
  expect((await cli.report('report.json')).notes.map(({ code }) => code)).toContain('NOT_TABLES');
});
