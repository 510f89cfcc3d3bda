import { randomUUID } from 'node:crypto';
import { cutTable } from '@rowparity/core';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

const ROWS = 40_000;
const WANTED = 2000;

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

async function cut(table: string) {
  const plan = await servers.plan(table);
  const ranges = await cutTable(plan, { catalogs: servers.catalogs, wantedRows: WANTED, signal: noSignal });
  const { base } = servers.readers(plan);
  const sizes: number[] = [];
  for (const range of ranges) {
    const page = await base.readPage(range, { rows: 1e6, bytes: 1e9 }, noSignal);
    sizes.push(page.rows);
  }
  await base.close();
  return { ranges, sizes };
}

async function fill(
  side: 'base' | 'target',
  table: string,
  rows: readonly (readonly unknown[])[],
): Promise<void> {
  const { server, name } = servers.databases[side];
  const connection = await connect(server, name);
  for (let first = 0; first < rows.length; first += 5000) {
    await connection.query(`INSERT INTO ${table} VALUES ?`, [rows.slice(first, first + 5000)]);
  }
  await connection.query(`ANALYZE TABLE ${table}`);
  await connection.end();
}

const spread = Array.from({ length: ROWS }, (_, i) => i);

it.each([
  ['monotonic', 'BIGINT', spread.map((i) => [i + 1])],
  ['gappy', 'BIGINT', spread.map((i) => [i % 4 === 0 ? i * 1_000_000 : i])],
  [
    'skewed',
    'BIGINT',
    spread.map((i) => [i === 0 ? '-9223372036854775808' : i === 1 ? '9223372036854775807' : i]),
  ],
  ['sparse', 'BIGINT UNSIGNED', spread.map((i) => [`${BigInt(i) * 400_000_000_000_000n}`])],
  ['uuid_binary', 'BINARY(16)', spread.map(() => [Buffer.from(randomUUID().replaceAll('-', ''), 'hex')])],
  ['uuid_text', 'CHAR(36) CHARACTER SET latin1', spread.map(() => [randomUUID()])],
  [
    'words',
    'VARCHAR(40) COLLATE utf8mb4_general_ci',
    spread.map((i) => [`Customer ${((i * 7919) % ROWS).toString(36)}`]),
  ],
  [
    'dated',
    'DATETIME',
    spread.map((i) => [new Date(1.6e12 + i * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')]),
  ],
] as const)('a %s key space gives shards within 3 times the wanted size', async (name, type, keys) => {
  await servers.runBoth(`CREATE TABLE ${name} (id ${type} PRIMARY KEY)`);
  await fill('base', name, keys);
  const { sizes } = await cut(name);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(3 * WANTED);
  expect(sizes.length).toBeGreaterThanOrEqual(ROWS / WANTED / 3);
  expect(sizes.length).toBeLessThanOrEqual((3 * ROWS) / WANTED);
  // Together they are the table: nothing twice, nothing left out.
  expect(sizes.reduce((a, b) => a + b)).toBe(ROWS);
});

it('a composite key with one large first value is divided inside it', async () => {
  await servers.runBoth('CREATE TABLE order_lines (a INT, b INT, PRIMARY KEY (a, b))');
  await fill(
    'base',
    'order_lines',
    spread.map((i) => [i < 30_000 ? 7 : i, i]),
  );
  const { sizes } = await cut('order_lines');
  expect(Math.max(...sizes)).toBeLessThanOrEqual(3 * WANTED);
  expect(sizes.reduce((a, b) => a + b)).toBe(ROWS);
});

it('keys that only the target has are inside the plan too', async () => {
  await servers.runBoth('CREATE TABLE apart (id INT PRIMARY KEY)');
  await fill(
    'base',
    'apart',
    spread.slice(0, 5000).map((i) => [i]),
  );
  await fill(
    'target',
    'apart',
    spread.map((i) => [1_000_000 + i]),
  );
  const { ranges } = await cut('apart');
  expect(ranges.length).toBeGreaterThan(10);
  expect([ranges[0]?.after, ranges.at(-1)?.upTo]).toEqual([null, null]);
});
