/**
 * Every code of one or two bytes of every character set that the servers have: none may pass for another, not
 * even where the conversion to Unicode makes one character of both.
 */
import type { TablePlan } from '@rowparity/contracts';
import { connect } from '@rowparity/testkit';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDifferences } from '../testing/findDifferences.ts';
import { type TestServers, testServers } from '../testing/tablePair.ts';

/** Halving a page down to each of its rows takes its time. */
const DIGESTED_MAX = 300;
/** Some 300,000 rows, all of which differ. */
const SWEEP_TIMEOUT_MS = 300_000;

let servers: TestServers;
const admins: { base?: Connection; target?: Connection } = {};
/** Those that both servers have. */
const charsets: string[] = [];

beforeAll(async () => {
  servers = await testServers();
  for (const side of ['base', 'target'] as const) {
    const { server, name } = servers.databases[side];
    admins[side] = await connect(server, name);
    await admins[side].query("SET SESSION sql_mode = ''");
  }
  const bytes = Array.from({ length: 256 }, (_, i) => `(${i})`).join(',');
  await runBoth(
    'CREATE TABLE bytes (n INT PRIMARY KEY)',
    `INSERT INTO bytes VALUES ${bytes}`,
    'CREATE TABLE codes (id INT PRIMARY KEY, b VARBINARY(2))',
    'INSERT INTO codes SELECT n, UNHEX(LPAD(HEX(n), 2, 0)) FROM bytes',
    'INSERT INTO codes SELECT 256 + a.n * 256 + b.n, UNHEX(CONCAT(LPAD(HEX(a.n), 2, 0), LPAD(HEX(b.n), 2, 0))) FROM bytes a, bytes b',
  );
  const known = await Promise.all([charsetsOf('base'), charsetsOf('target')]);
  for (const charset of known[0].filter((one) => known[1].includes(one))) {
    if ((await validCodes(charset)) > 0) charsets.push(charset);
  }
});

afterAll(async () => {
  await Promise.all([admins.base?.end(), admins.target?.end()]);
  await servers.close();
});

async function runBoth(...statements: readonly string[]): Promise<void> {
  for (const statement of statements) {
    await Promise.all([admins.base?.query(statement), admins.target?.query(statement)]);
  }
}

async function charsetsOf(side: 'base' | 'target'): Promise<string[]> {
  const [rows] = await (admins[side] as Connection).query<RowDataPacket[]>(
    "SELECT CHARACTER_SET_NAME AS name FROM information_schema.CHARACTER_SETS WHERE CHARACTER_SET_NAME NOT IN ('binary', 'filename')",
  );
  return rows.map(({ name }) => String(name)).sort();
}

/** Makes a table of the codes that both servers store as one character of the set; their number. */
async function validCodes(charset: string): Promise<number> {
  const probe = `probe_${charset}`;
  await runBoth(
    `CREATE TABLE ${probe} (id INT PRIMARY KEY, c VARCHAR(4) CHARACTER SET ${charset})`,
    `INSERT INTO ${probe} SELECT id, CONVERT(b USING ${charset}) FROM codes`,
    `CREATE TABLE valid_${charset} (id INT PRIMARY KEY)`,
  );
  const stored = await Promise.all(
    (['base', 'target'] as const).map(async (side) => {
      const [rows] = await (admins[side] as Connection).query<RowDataPacket[]>(
        `SELECT id FROM ${probe} JOIN codes USING (id) WHERE CAST(c AS BINARY) = b AND CHAR_LENGTH(c) = 1`,
      );
      return new Set(rows.map(({ id }) => Number(id)));
    }),
  );
  const both = [...(stored[0] ?? [])].filter((id) => stored[1]?.has(id));
  if (both.length > 0) {
    await runBoth(`INSERT INTO valid_${charset} VALUES ${both.map((id) => `(${id})`).join(',')}`);
  }
  return both.length;
}

async function countOf(table: string, more = ''): Promise<number> {
  const [rows] = await (admins.base as Connection).query<RowDataPacket[]>(
    `SELECT COUNT(*) AS n FROM ${table} ${more}`,
  );
  return Number(rows[0]?.n);
}

async function neqOf(plan: TablePlan, strategy: 'exact' | 'checksum' = 'exact'): Promise<number> {
  const { counts, end } = await findDifferences(servers, plan, { pageRows: 20_000, strategy });
  expect(end.kind).toBe('ended');
  expect(counts).toMatchObject({ targetMissing: 0, baseMissing: 0, unstable: 0 });
  return counts.neq;
}

it(
  'of the same set on both sides every code differs from the one behind it',
  async () => {
    for (const charset of charsets) {
      const table = `same_${charset}`;
      await runBoth(
        `CREATE TABLE ${table} (id INT AUTO_INCREMENT PRIMARY KEY, c VARCHAR(4) CHARACTER SET ${charset})`,
        `INSERT INTO ${table} (c) SELECT CONVERT(b USING ${charset}) FROM codes JOIN valid_${charset} USING (id) ORDER BY id`,
      );
      const rows = await countOf(table);
      const plan = await servers.plan(table);
      // Now each row has the code of the one behind it, and the last one a code of its own.
      await admins.target?.query(`UPDATE ${table} SET id = id - 1 ORDER BY id`);
      await admins.base?.query(`DELETE FROM ${table} WHERE id = ${rows}`);
      await admins.target?.query(`DELETE FROM ${table} WHERE id = 0`);
      expect([charset, await neqOf(plan)]).toEqual([charset, rows - 1]);
      if (rows <= DIGESTED_MAX) {
        expect([charset, await neqOf(plan, 'checksum')]).toEqual([charset, rows - 1]);
      }
    }
  },
  SWEEP_TIMEOUT_MS,
);

it(
  'every code is found again as a key, and no key passes for another',
  async () => {
    for (const charset of charsets) {
      const table = `key_${charset}`;
      const key = `k VARCHAR(4) CHARACTER SET ${charset} COLLATE ${charset}_bin PRIMARY KEY`;
      await runBoth(
        `CREATE TABLE ${table} (${key}, v INT NOT NULL)`,
        `INSERT INTO ${table} SELECT CONVERT(b USING ${charset}), id FROM codes JOIN valid_${charset} USING (id)`,
      );
      await admins.target?.query(`UPDATE ${table} SET v = v + 1 WHERE v % 7 = 0`);
      const differing = await countOf(table, 'WHERE v % 7 = 0');
      expect([charset, await neqOf(await servers.plan(table))]).toEqual([charset, differing]);
    }
  },
  SWEEP_TIMEOUT_MS,
);

it(
  'a code that does not come back from Unicode is never equal to what it became',
  async () => {
    const lossy: Record<string, number> = {};
    for (const charset of charsets) {
      const table = `wide_${charset}`;
      const from = `FROM codes JOIN valid_${charset} USING (id)`;
      await admins.base?.query(
        `CREATE TABLE ${table} (id INT PRIMARY KEY, c VARCHAR(4) CHARACTER SET ${charset})`,
      );
      await admins.target?.query(
        `CREATE TABLE ${table} (id INT PRIMARY KEY, c VARCHAR(4) CHARACTER SET utf8mb4)`,
      );
      await admins.base?.query(`INSERT INTO ${table} SELECT id, CONVERT(b USING ${charset}) ${from}`);
      await admins.target?.query(
        `INSERT INTO ${table} SELECT id, CONVERT(CONVERT(b USING ${charset}) USING utf8mb4) ${from}`,
      );
      const rows = await countOf(table);
      const neq = await neqOf(await servers.plan(table));
      // Those that are called equal are different texts, each of which stands for one code alone.
      const [texts] = await (admins.target as Connection).query<RowDataPacket[]>(
        `SELECT COUNT(DISTINCT CAST(c AS BINARY)) AS n FROM ${table}`,
      );
      expect(Number(texts[0]?.n)).toBeGreaterThanOrEqual(rows - neq);
      if (neq > 0) lossy[charset] = neq;
    }
    // Sets with known losses are there, and the everyday ones have none.
    expect(lossy.utf8mb4 ?? lossy.utf8mb3 ?? lossy.latin1).toBeUndefined();
    expect(Object.keys(lossy)).toEqual(expect.arrayContaining(['cp1251', 'greek', 'sjis', 'cp932', 'gbk']));
  },
  SWEEP_TIMEOUT_MS,
);
