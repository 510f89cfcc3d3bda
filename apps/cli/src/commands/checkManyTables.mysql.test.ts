/** Many small tables: a plan asks a few statements for all of them, and comparing a few for each. */
import {
  connect,
  createDatabase,
  databaseUrl,
  type OwnSql,
  type SqlAddress,
  startOwnSql,
  uniqueName,
  whyNotNative,
} from '@rowparity/testkit';
import { type FreshDatabase, freshDatabase } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testCli } from '../testing/testCli.ts';

const TABLES = 120;
const ROWS = 50;
const START_MS = 120_000;

const name = uniqueName('many');
let own: OwnSql;
let destination: FreshDatabase;

async function start(): Promise<void> {
  // Its log of statements is a global variable.
  own = await startOwnSql(() => undefined);
  destination = await freshDatabase('destination', name);
  await createDatabase(own.server, name);
  await Promise.all([fill(own.server, 1), fill(destination.server, 2)]);
}

async function stop(): Promise<void> {
  await own?.stop();
  await destination?.drop();
}

async function fill(server: SqlAddress, value: number): Promise<void> {
  const connection = await connect(server, name);
  for (let i = 0; i < TABLES; i += 1) {
    await connection.query(`CREATE TABLE t${i} (id INT PRIMARY KEY, v INT)`);
    const rows = Array.from({ length: ROWS }, (_, id) => [id, id === 7 && i === 99 ? value : 0]);
    await connection.query(`INSERT INTO t${i} VALUES ?`, [rows]);
  }
  await connection.query(`ANALYZE TABLE ${Array.from({ length: TABLES }, (_, i) => `t${i}`).join(', ')}`);
  await connection.end();
}

/** What the server saw while the command ran. */
async function statementsOf(args: readonly string[]) {
  const admin = await connect(own.server);
  await admin.query("SET GLOBAL log_output = 'TABLE'");
  await admin.query('TRUNCATE TABLE mysql.general_log');
  await admin.query('SET GLOBAL general_log = ON');
  await using cli = await testCli({
    ROWPARITY_CONNECTION_SOURCE: databaseUrl(own.server, name),
    ROWPARITY_CONNECTION_DESTINATION: destination.url,
  });
  const end = await cli.run(args);
  await admin.query('SET GLOBAL general_log = OFF');
  const [rows] = await admin.query(
    'SELECT command_type AS type, COUNT(*) AS n FROM mysql.general_log GROUP BY command_type',
  );
  await admin.end();
  const counts = new Map((rows as { type: string; n: string }[]).map(({ type, n }) => [type, Number(n)]));
  const countOf = (...types: readonly string[]) =>
    types.reduce((sum, type) => sum + (counts.get(type) ?? 0), 0);
  return { end, statements: countOf('Query', 'Execute'), prepared: countOf('Prepare') };
}

describe.skipIf(whyNotNative('sql') !== undefined)('many tables', () => {
  beforeAll(start, START_MS);
  afterAll(stop);

  test('a plan of many tables takes less than a statement a table', async () => {
    const { end, statements } = await statementsOf(['check', '--tables', '*', '--explain']);
    expect(end.code).toBe(0);
    expect(statements).toBeLessThan(TABLES);
  });

  test('a run of many tables takes less than four statements a table, and prepares one', async () => {
    const args = ['check', '--tables', '*', '--recheck-delays', '0,100', '--quiet'];
    const { end, statements, prepared } = await statementsOf(args);
    expect(end.code).toBe(1);
    expect(statements).toBeLessThan(4 * TABLES);
    expect(prepared).toBeLessThan(1.5 * TABLES);
  });
});
