/** Rows are listed by their update time on real servers, through its index. */
import type { TablePlan } from '@rowparity/contracts';
import { type ChangedKey, DEFAULT_TABLE_OPTIONS, mapSides, planTable } from '@rowparity/core';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { SideSessions } from '../connection/sideSessions.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { SqlChangedKeys } from './sqlChangedKeys.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});
afterAll(() => servers.close());

const SINCE = { time: '2026-11-27T10:00:00Z', column: 'updated_at', overlapMs: 0 };

async function planned(table: string, column = 'updated_at') {
  const [base, target] = await Promise.all([
    servers.catalogs.base.describe(table, noSignal),
    servers.catalogs.target.describe(table, noSignal),
  ]);
  if (!base || !target) throw new Error(`no table ${table}`);
  const changed = { since: { ...SINCE, column }, names: { base: column, target: column } };
  return planTable({ base, target }, { ...DEFAULT_TABLE_OPTIONS, changed });
}

async function planOf(table: string): Promise<TablePlan> {
  const planning = await planned(table);
  if (planning.kind === 'refused') throw new Error(planning.refusal.message);
  return planning.plan;
}

/** Everything that a side lists, a few at a time. */
async function listed(plan: TablePlan, rows: number): Promise<string[]> {
  const { base } = mapSides(
    servers.pools,
    (pool, side) => new SqlChangedKeys(new SideSessions(pool).pages, plan, side),
  );
  const found: string[] = [];
  let after: ChangedKey | null = null;
  for (;;) {
    const page: readonly ChangedKey[] = await base.list(after, rows, noSignal);
    found.push(...page.map(({ time, key }) => `${time} ${key.join('/')}`));
    after = page.at(-1) ?? after;
    if (page.length < rows) break;
  }
  await base.close();
  return found;
}

const MADE = {
  timestamp: 'id INT PRIMARY KEY, updated_at TIMESTAMP(3) NULL, KEY times (updated_at)',
  datetime: 'id INT PRIMARY KEY, updated_at DATETIME NULL, KEY times (updated_at)',
  text: 'id VARCHAR(20) COLLATE utf8mb4_general_ci PRIMARY KEY, updated_at DATETIME(6) NULL, KEY times (updated_at)',
  composite: 'a INT, id INT, updated_at DATETIME NULL, PRIMARY KEY (a, id), KEY times (updated_at, a, id)',
} as const;

it.each(Object.entries(MADE))(
  'of a key of %s all rows from the time on are listed once, in order, also where many have one time',
  async (name, columns) => {
    const table = `listed_${name}`;
    await servers.runBoth(`CREATE TABLE ${table} (${columns})`);
    const key = name === 'composite' ? '7, ' : '';
    const rows = Array.from({ length: 60 }, (_, i) => {
      const time =
        i % 7 === 0
          ? 'NULL'
          : `'2026-11-27 ${i % 3 === 0 ? '09:59:59' : '10:00:0'}${i % 3 === 0 ? '' : i % 2}'`;
      return `(${key}${name === 'text' ? `'k${i}'` : i}, ${time})`;
    });
    await servers.runBoth(`SET time_zone = '+00:00'`, `INSERT INTO ${table} VALUES ${rows.join(', ')}`);
    const plan = await planOf(table);
    const whole = await listed(plan, 1000);
    expect(whole.length).toBe(
      Array.from({ length: 60 }, (_, i) => i).filter((i) => i % 7 !== 0 && i % 3 !== 0).length,
    );
    expect(whole[0]).toMatch(/^2026-11-27 10:00:00/);
    for (const size of [1, 3, 10]) expect(await listed(plan, size)).toEqual(whole);
  },
);

it('a step reads the index from the place on, and sorts nothing', async () => {
  await servers.runBoth(
    'CREATE TABLE many (id INT PRIMARY KEY, v INT, updated_at TIMESTAMP NOT NULL, KEY times (updated_at))',
  );
  const values = Array.from({ length: 2000 }, (_, i) => `(${i}, 1, '2026-11-27 10:00:00')`).join(', ');
  await servers.runBoth(
    `SET time_zone = '+00:00'`,
    `INSERT INTO many VALUES ${values}`,
    'ANALYZE TABLE many',
  );
  const plan = await planOf('many');
  const connection = await connect(servers.databases.base.server, servers.databases.base.name);
  await connection.query("SET time_zone = '+00:00'");
  const [before] = await connection.query<never[]>("SHOW GLOBAL STATUS LIKE 'Sort_rows'");
  await listed(plan, 10);
  const [after] = await connection.query<never[]>("SHOW GLOBAL STATUS LIKE 'Sort_rows'");
  await connection.end();
  expect(after).toEqual(before);
});

it.each([
  ['no such column', 'id INT PRIMARY KEY', 'no column updated_at'],
  ['another type', 'id INT PRIMARY KEY, updated_at INT, KEY (updated_at)', 'is int'],
  ['no index', 'id INT PRIMARY KEY, updated_at DATETIME', 'no index gives rows in the order'],
  [
    'an index of more columns',
    'id INT PRIMARY KEY, s INT, updated_at DATETIME, KEY (updated_at, s)',
    'no index gives',
  ],
  ['another key', 'id INT, u INT NOT NULL UNIQUE, updated_at DATETIME, KEY (updated_at)', 'no index gives'],
  ['no key', 'id INT, updated_at DATETIME, KEY (updated_at)', 'no key'],
])('a table with %s is refused', async (what, columns, words) => {
  const table = `refused_${what.replaceAll(' ', '_')}`;
  await servers.runBoth(`CREATE TABLE ${table} (${columns})`);
  expect(await planned(table)).toMatchObject({
    kind: 'refused',
    refusal: { code: 'UPDATE_TIME_NOT_USABLE', message: expect.stringContaining(words) },
  });
});
