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
