import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { expect, test } from 'vitest';
import { testCli } from '../testing/testCli.ts';

/** Within this time the row that is missing at first comes, and the table is changed. Half of it is enough to begin. */
const RECHECK_MS = 8000;

async function execute({ server, name }: FreshDatabase, ...statements: readonly string[]): Promise<void> {
  const connection = await connect(server, name);
  for (const statement of statements) await connection.query(statement);
  await connection.end();
}

test('a table that is changed while it is compared is inconclusive, with what was changed', async () => {
  const { source, destination } = await freshDatabases();
  for (const database of [source, destination]) {
    await execute(
      database,
      'CREATE TABLE orders (id INT PRIMARY KEY, v INT)',
      'INSERT INTO orders VALUES (1, 1)',
    );
    await execute(database, 'CREATE TABLE still (id INT PRIMARY KEY)');
  }
  await execute(source, 'INSERT INTO orders VALUES (2, 2)');
  await using cli = await testCli({
    ROWPARITY_CONNECTION_SOURCE: source.url,
    ROWPARITY_CONNECTION_DESTINATION: destination.url,
  });
  const flags = ['--tables', '*', '--recheck-delays', `${RECHECK_MS}`, '--report', 'report.json'];
  const { begun, end } = cli.start(['check', ...flags]);
  await begun;
  await sleep(RECHECK_MS / 2);
  await execute(
    destination,
    'ALTER TABLE orders ADD COLUMN note INT',
    'INSERT INTO orders (id, v) VALUES (2, 2)',
  );
  expect((await end).code).toBe(3);
  const report = await cli.report('report.json');
  expect(report).toMatchObject({
    verdict: 'inconclusive',
    complete: false,
    tables: [
      { name: 'orders', outcome: 'inconclusive', counts: { converged: 1 } },
      { name: 'still', outcome: 'match' },
    ],
    failures: [{ code: 'SCHEMA_CHANGED', table: 'orders' }],
    failuresTotal: 1,
  });
  expect(report.failures[0]?.message).toContain('(target: column note was added)');
  await Promise.all([source.drop(), destination.drop()]);
});

test('in what two schemas differ beside their rows is told, in the words of the two places, and changes no verdict', async () => {
  const { source, destination } = await freshDatabases();
  await execute(
    source,
    "CREATE TABLE orders (id INT PRIMARY KEY, v VARCHAR(20) NOT NULL DEFAULT 'a', w INT DEFAULT 7, KEY by_w (w))",
    "INSERT INTO orders VALUES (1, 'x', 1)",
  );
  await execute(
    destination,
    "CREATE TABLE orders (id INT PRIMARY KEY, v VARCHAR(30) DEFAULT 'b', w2 INT DEFAULT 7, UNIQUE KEY u (w2))",
    "INSERT INTO orders VALUES (1, 'x', 1)",
  );
  for (const database of [source, destination]) {
    await execute(database, 'CREATE TABLE same (id INT PRIMARY KEY, t DATETIME DEFAULT CURRENT_TIMESTAMP)');
    await execute(database, 'INSERT INTO same (id) VALUES (1)', "UPDATE same SET t = '2026-11-27'");
  }
  await using cli = await testCli({
    ROWPARITY_CONNECTION_SOURCE: source.url,
    ROWPARITY_CONNECTION_DESTINATION: destination.url,
  });
  for (const direction of ['SRC', 'DST']) {
    const map = ['--map', 'orders.w=w2', '--direction', direction];
    const check = ['check', '--tables', 'orders,same', ...map];
    const { code, stderr } = await cli.run([...check, '--report', 'report.json']);
    expect(code, stderr).toBe(0);
    const [orders, same] = (await cli.report('report.json')).tables;
    expect(same?.schemaDifferences).toEqual([]);
    const w = direction === 'SRC' ? 'w' : 'w2';
    expect(orders?.schemaDifferences).toEqual([
      'v is varchar(20) on the source, varchar(30) on the destination',
      'v is NOT NULL on the source, NULL on the destination',
      'v has the default a on the source, b on the destination',
      ...[
        `the index (${w}) is on the source only`,
        `the unique index (${w}) is on the destination only`,
      ].toSorted(() => (direction === 'SRC' ? 0 : -1)),
    ]);
    expect(stderr).toContain(
      '1 table has schemas that differ beside the rows, such as orders: v is varchar(20)',
    );
    expect((await cli.run([...check, '--report', 'report.md'])).code).toBe(0);
    expect((await cli.lines('report.md')).join('\n')).toContain('## Schemas that differ');
  }
  await Promise.all([source.drop(), destination.drop()]);
});
