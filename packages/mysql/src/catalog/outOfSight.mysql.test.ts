import { DEFAULT_TABLE_OPTIONS, planTable } from '@rowparity/core';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectionUrl } from '../connection/connectionUrl.ts';
import { SessionPool } from '../connection/sessionPool.ts';
import { findDifferences } from '../testing/findDifferences.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { SqlCatalog } from './sqlCatalog.ts';

let servers: TestServers;
let isMariaDb: boolean;

beforeAll(async () => {
  servers = await testServers();
  isMariaDb = servers.databases.base.server.flavour === 'mariadb';
});

afterAll(() => servers.close());

/** A catalog as a user sees it who was granted this much. */
async function asUser(name: string, ...grants: readonly string[]) {
  const { server, name: database, url } = servers.databases.base;
  const admin = await connect(server, database);
  await admin.query(`CREATE USER IF NOT EXISTS '${name}'@'%' IDENTIFIED BY 'u1'`);
  for (const grant of grants) await admin.query(`GRANT ${grant} TO '${name}'@'%'`);
  const own = new URL(url);
  own.username = name;
  own.password = 'u1';
  const pool = new SessionPool(connectionUrl.parse(String(own)), { ref: 'base', idleMax: 1 });
  return {
    catalog: new SqlCatalog(pool),
    async close() {
      await pool.close();
      await admin.query(`DROP USER '${name}'@'%'`);
      await admin.end();
    },
  };
}

it('tables, views and sequences are distinguished', async () => {
  await servers.run(
    'base',
    'CREATE TABLE plain (id INT PRIMARY KEY)',
    'CREATE VIEW seen AS SELECT * FROM plain',
  );
  if (isMariaDb) await servers.run('base', 'CREATE SEQUENCE numbers');
  const { entries, isWhole } = await servers.catalogs.base.list(noSignal);
  expect(entries).toEqual(
    [
      ...(isMariaDb ? [{ name: 'numbers', kind: 'sequence' }] : []),
      { name: 'plain', kind: 'table' },
      { name: 'seen', kind: 'view' },
    ].sort((a, b) => (a.name < b.name ? -1 : 1)),
  );
  expect(isWhole).toBe(true);
  expect(await servers.catalogs.base.describe('seen', noSignal)).toBeUndefined();
});

it('a user without SELECT on the whole database does not see everything, and that is known', async () => {
  const database = servers.databases.base.name;
  await servers.run(
    'base',
    'CREATE TABLE shown (id INT PRIMARY KEY)',
    'CREATE TABLE secret (id INT PRIMARY KEY)',
  );
  const some = await asUser('some_tables', `SELECT ON \`${database}\`.shown`);
  const listing = await some.catalog.list(noSignal);
  expect(listing).toMatchObject({ entries: [{ name: 'shown', kind: 'table' }], isWhole: false });
  await some.close();
  const all = await asUser('all_tables', `SELECT ON \`${database}\`.*`);
  expect((await all.catalog.list(noSignal)).isWhole).toBe(true);
  await all.close();
});

it.each([
  ['in the middle', 'SELECT (id, last)'],
  ['at the end', 'SELECT (id, salary)'],
])(
  'a column %s that the user may not read refuses the table, unless the columns are named',
  async (_, grant) => {
    const database = servers.databases.base.name;
    const table = 'person';
    await servers.runBoth(
      `DROP TABLE IF EXISTS ${table}`,
      `CREATE TABLE ${table} (id INT PRIMARY KEY, salary INT, last INT)`,
    );
    const some = await asUser('some_columns', `${grant} ON \`${database}\`.${table}`);
    const base = await some.catalog.describe(table, noSignal);
    const target = await servers.catalogs.target.describe(table, noSignal);
    if (!base || !target) throw new Error('no table');
    expect(base.hasHiddenColumns).toBe(true);
    expect(target.hasHiddenColumns).toBe(false);
    expect(planTable({ base, target }, DEFAULT_TABLE_OPTIONS)).toMatchObject({
      kind: 'refused',
      refusal: { code: 'ACCESS_DENIED', message: expect.stringContaining('on the base') },
    });
    const named = { ...DEFAULT_TABLE_OPTIONS, columns: { ...DEFAULT_TABLE_OPTIONS.columns, only: ['id'] } };
    expect(planTable({ base, target }, named)).toMatchObject({ kind: 'planned' });
    await some.close();
  },
);

it('a system-versioned table is compared by its current rows, also with a table that is not', async () => {
  // Only MariaDB has them.
  if (!isMariaDb) return;
  const columns = 'id INT PRIMARY KEY, v INT';
  const period =
    'started TIMESTAMP(6) GENERATED ALWAYS AS ROW START, ended TIMESTAMP(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (started, ended)';
  await servers.run(
    'base',
    `CREATE TABLE hidden_period (${columns}) WITH SYSTEM VERSIONING`,
    `CREATE TABLE shown_period (${columns}, ${period}) WITH SYSTEM VERSIONING`,
  );
  await servers.run(
    'target',
    `CREATE TABLE hidden_period (${columns})`,
    `CREATE TABLE shown_period (${columns})`,
  );
  for (const table of ['hidden_period', 'shown_period']) {
    await servers.run(
      'base',
      `INSERT INTO ${table} (id, v) VALUES (1, 1), (2, 2), (3, 3)`,
      `UPDATE ${table} SET v = 20 WHERE id = 2`,
      `DELETE FROM ${table} WHERE id = 3`,
    );
    await servers.run('target', `INSERT INTO ${table} (id, v) VALUES (1, 1), (2, 2)`);
    expect((await servers.catalogs.base.list(noSignal)).entries).toContainEqual({
      name: table,
      kind: 'table',
    });
    expect((await findDifferences(servers, await servers.plan(table))).lines).toEqual(['neq 2 v']);
  }
});
