/** Repairs are applied to real servers: then both sides are equal; what takes them back brings every byte back. */
import type { KeyTuple } from '@rowparity/contracts';
import { keyOfEvent, type Sides } from '@rowparity/core';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLUMN_CASES } from '../testing/corruption/columnCases.ts';
import { isKnownTo } from '../testing/corruption/isKnownTo.ts';
import { plantCase } from '../testing/corruption/plantCase.ts';
import { findDifferences } from '../testing/findDifferences.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { SESSION_LINES } from './literals.ts';
import { RepairRows, type RowRepair } from './repairRows.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});
afterAll(() => servers.close());

async function keysFound(table: string): Promise<readonly KeyTuple[]> {
  const plan = await servers.plan(table);
  const { events } = await findDifferences(servers, plan);
  return events.map((event) => keyOfEvent(plan, event) ?? []);
}

async function repairsOf(table: string, keys: readonly KeyTuple[]): Promise<readonly RowRepair[]> {
  const plan = await servers.plan(table);
  const target = await servers.catalogs.target.describe(table, noSignal);
  if (!target) throw new Error(`no table ${table}`);
  const rows = await RepairRows.open(servers.pools, { plan, target }, noSignal);
  const found = await rows.repairs(keys, noSignal);
  await rows.close();
  return found;
}

/** How many rows each statement changed. */
async function apply(statements: readonly string[]): Promise<readonly number[]> {
  const connection = await connect(servers.databases.target.server, servers.databases.target.name);
  for (const line of SESSION_LINES) await connection.query(line);
  const changed: number[] = [];
  for (const statement of statements) {
    const [result] = await connection.query(statement);
    changed.push((result as { readonly affectedRows: number }).affectedRows);
  }
  await connection.end();
  return changed;
}

const statements = (repairs: readonly RowRepair[]) =>
  repairs.flatMap((repair) => (repair.kind === 'statement' ? [repair] : []));

/** Every byte of a table, in the order of its key. */
async function bytesOf(side: keyof Sides<unknown>, table: string): Promise<string> {
  const { server, name } = servers.databases[side];
  const connection = await connect(server, name);
  await connection.query("SET NAMES utf8mb4, time_zone = '+00:00'");
  const [columns] = await connection.query<never[]>(`SHOW COLUMNS FROM ${table}`);
  const fields = (columns as { readonly Field: string }[]).map(({ Field }) => `HEX(\`${Field}\`)`);
  const [rows] = await connection.query(`SELECT ${fields.join(', ')} FROM ${table}`);
  await connection.end();
  return JSON.stringify((rows as unknown[]).map((row) => JSON.stringify(row)).sort());
}

it.each(COLUMN_CASES.map((one) => [one.type, one] as const))(
  'of %s every corruption is repaired, and taken back byte for byte',
  async (_type, columnCase) => {
    if (!isKnownTo(servers, columnCase)) return;
    const table = `repaired_${COLUMN_CASES.indexOf(columnCase)}`;
    const planted = plantCase(table, columnCase);
    await servers.run('base', ...planted.statements.base);
    await servers.run('target', ...planted.statements.target);
    const keys = await keysFound(table);
    expect(keys.length).toBeGreaterThanOrEqual(planted.expected.length);
    const before = await bytesOf('target', table);
    const repairs = statements(await repairsOf(table, keys));
    expect(repairs).toHaveLength(keys.length);
    const deletes = repairs.filter(({ type }) => type === 'base_missing');
    const others = repairs.filter(({ type }) => type !== 'base_missing');
    const ordered = [...deletes, ...others];
    expect(await apply(ordered.map(({ repair }) => repair))).toEqual(ordered.map(() => 1));
    expect((await findDifferences(servers, await servers.plan(table))).end).toMatchObject({
      outcome: 'match',
    });
    // A second time nothing happens.
    expect(await apply(ordered.map(({ repair }) => repair))).toEqual(ordered.map(() => 0));
    expect(await apply(ordered.toReversed().map(({ undo }) => undo))).toEqual(ordered.map(() => 1));
    expect(await bytesOf('target', table)).toBe(before);
  },
);

it.each([
  [
    'a composite key of text and time',
    'a VARCHAR(20) COLLATE utf8mb4_general_ci, b DATETIME(3), v INT, PRIMARY KEY (a, b)',
    "('é''\\\\x', '2026-11-27 10:00:00.125', 1)",
  ],
  ['a UUID in bytes', 'id BINARY(16) PRIMARY KEY, v INT', "(X'374413238E63ADF09068AAEED935CE88', 1)"],
  ['an ENUM', "id ENUM('a','b') PRIMARY KEY, v INT", "('b', 1)"],
  ['text of latin1', 'id VARCHAR(9) CHARACTER SET latin1 PRIMARY KEY, v INT', "('café', 1)"],
])('rows with %s as their key are inserted, changed and deleted', async (what, columns, values) => {
  const table = `key_${what.replaceAll(' ', '_')}`;
  await servers.runBoth(`CREATE TABLE ${table} (${columns})`);
  for (const [base, target] of [
    [[`INSERT INTO ${table} VALUES ${values}`], []],
    [[], [`UPDATE ${table} SET v = 2`]],
    [[`DELETE FROM ${table}`], []],
  ] as const) {
    await servers.run('base', ...base);
    await servers.run('target', ...target);
    const keys = await keysFound(table);
    const [repair] = statements(await repairsOf(table, keys));
    if (!repair) throw new Error('nothing to repair');
    const before = await bytesOf('target', table);
    expect(await apply([repair.repair])).toEqual([1]);
    expect(await keysFound(table)).toEqual([]);
    expect(await apply([repair.undo])).toEqual([1]);
    expect(await bytesOf('target', table)).toBe(before);
    expect(await apply([repair.repair])).toEqual([1]);
  }
});

it.each([
  ['another character set', 'VARCHAR(9) CHARACTER SET latin1', 'VARCHAR(9) CHARACTER SET utf8mb4'],
  ['another length', 'VARCHAR(9)', 'VARCHAR(20)'],
  ['names in place of text', "ENUM('café','b')", 'VARCHAR(9)'],
])(
  'a repaired row with %s is taken back, and left as it is when its text has changed in case alone',
  async (what, base, target) => {
    const table = `case_${what.replaceAll(' ', '_')}`;
    await servers.run(
      'base',
      `CREATE TABLE ${table} (id INT PRIMARY KEY, v ${base})`,
      `INSERT INTO ${table} VALUES (1, 'café'), (2, 'café'), (3, 'café')`,
    );
    await servers.run(
      'target',
      `CREATE TABLE ${table} (id INT PRIMARY KEY, v ${target})`,
      `INSERT INTO ${table} VALUES (1, 'tea'), (2, 'tea')`,
    );
    const before = await bytesOf('target', table);
    const repairs = statements(await repairsOf(table, await keysFound(table)));
    expect(await apply(repairs.map(({ repair }) => repair))).toEqual([1, 1, 1]);
    expect(await keysFound(table)).toEqual([]);
    await servers.run('target', `UPDATE ${table} SET v = 'CAFÉ' WHERE id IN (2, 3)`);
    expect(await apply(repairs.map(({ undo }) => undo))).toEqual([1, 0, 0]);
    await servers.run(
      'target',
      `UPDATE ${table} SET v = 'tea' WHERE id = 2`,
      `DELETE FROM ${table} WHERE id = 3`,
    );
    expect(await bytesOf('target', table)).toBe(before);
  },
);

it('a row that changes between the reading and the statement stays as it is', async () => {
  await servers.runBoth('CREATE TABLE raced (id INT PRIMARY KEY, v VARCHAR(9), w INT)');
  await servers.run('base', "INSERT INTO raced VALUES (1, 'right', 1), (3, 'new', 3)");
  await servers.run('target', "INSERT INTO raced VALUES (1, 'wrong', 1), (2, 'extra', 2)");
  const repairs = statements(await repairsOf('raced', [['1'], ['2'], ['3']]));
  await servers.run(
    'target',
    "UPDATE raced SET v = 'WRONG' WHERE id = 1",
    'UPDATE raced SET w = 22 WHERE id = 2',
    "INSERT INTO raced VALUES (3, 'theirs', 3)",
  );
  expect(await apply(repairs.map(({ repair }) => repair))).toEqual([0, 0, 0]);
  // Another column of the row may change: it is not overwritten.
  await servers.run('target', "UPDATE raced SET v = 'wrong', w = 11 WHERE id = 1");
  const [first] = repairs;
  expect(await apply([first?.repair ?? ''])).toEqual([1]);
  expect(await keysFound('raced')).toContainEqual(['1']);
});

it('columns that the server computes are left out, and its stamps of changes stay', async () => {
  await servers.runBoth(
    `CREATE TABLE made (id INT PRIMARY KEY, a INT, twice INT AS (a * 2) STORED, plus INT AS (a + 1) VIRTUAL,
     at TIMESTAMP(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6) ON UPDATE CURRENT_TIMESTAMP(6))`,
    "INSERT INTO made (id, a, at) VALUES (1, 5, '2026-11-01 00:00:00')",
  );
  await servers.run('base', "INSERT INTO made (id, a, at) VALUES (2, 7, '2026-11-01 00:00:00')");
  await servers.run('target', 'UPDATE made SET a = 6, at = at WHERE id = 1');
  const repairs = statements(await repairsOf('made', [['1'], ['2']]));
  expect(await apply(repairs.map(({ repair }) => repair))).toEqual([1, 1]);
  expect(await keysFound('made')).toEqual([]);
});

it('a row that another one leads to is not deleted, whatever its foreign key would do', async () => {
  await servers.runBoth(
    'CREATE TABLE parents (id INT PRIMARY KEY, boss INT NULL, KEY (boss))',
    'CREATE TABLE children (id INT PRIMARY KEY, parent INT, FOREIGN KEY (parent) REFERENCES parents (id) ON DELETE CASCADE)',
    'ALTER TABLE parents ADD FOREIGN KEY (boss) REFERENCES parents (id) ON DELETE SET NULL',
  );
  await servers.run(
    'target',
    'INSERT INTO parents VALUES (1, NULL), (2, 1), (3, NULL)',
    'INSERT INTO children VALUES (5, 3)',
  );
  const repairs = statements(await repairsOf('parents', [['1'], ['3'], ['2']]));
  expect(await apply(repairs.map(({ repair }) => repair))).toEqual([0, 0, 1]);
  expect(await apply(repairs.map(({ repair }) => repair))).toEqual([1, 0, 0]);
});

it('text that is none in its character set is not written as something else', async () => {
  await servers.run('base', 'CREATE TABLE sets (id INT PRIMARY KEY, v VARCHAR(9) CHARACTER SET cp1251)');
  await servers.run('target', 'CREATE TABLE sets (id INT PRIMARY KEY, v VARCHAR(9) CHARACTER SET utf8mb4)');
  // 0x98 has no character in cp1251.
  await servers.run('base', "INSERT INTO sets VALUES (1, 'привет'), (2, _cp1251 X'98')");
  const found = await repairsOf('sets', [['1'], ['2']]);
  expect(found.map(({ kind }) => kind)).toEqual(['statement', 'unwritable']);
  expect(await apply(statements(found).map(({ repair }) => repair))).toEqual([1]);
  expect(await keysFound('sets')).toEqual([['2']]);
});
