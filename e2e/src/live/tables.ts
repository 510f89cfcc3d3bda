// The tables of an application that writes all the time: integer, composite and UUID keys, a table whose rows change
// several times a second, and flags that toggle.

import { connect, type SeededRandom, type SqlServer } from '@rowparity/testkit';

export type LiveTableName = 'accounts' | 'positions' | 'sessions' | 'hot' | 'flags';

export interface LiveTable {
  readonly name: LiveTableName;
  readonly ddl: string;
  /** The columns of the key, and how a literal of the n-th key is written. */
  readonly key: readonly string[];
  keyLiterals(n: number): readonly string[];
  /** As a report names it: column to text. */
  keyTexts(n: number): Readonly<Record<string, string>>;
  /** The values after the key, of a new row. */
  values(n: number, random: SeededRandom): string;
  /** Assignments of one change; never of `label`, which the application writes once. */
  change(random: SeededRandom): string;
}

const CODES = 4;

export const LIVE_TABLES: Readonly<Record<LiveTableName, LiveTable>> = {
  accounts: {
    name: 'accounts',
    ddl: 'CREATE TABLE accounts (id BIGINT PRIMARY KEY, label VARCHAR(40) NOT NULL, balance DECIMAL(12,2) NOT NULL, version INT NOT NULL, updated_at DATETIME(3) NOT NULL)',
    ...oneColumn('id', String),
    values: (n, random) => `'account ${n}', ${random.int(0, 999_999)} / 100, 0, '2026-01-01'`,
    change: (random) =>
      `balance = ${random.int(0, 999_999)} / 100, version = version + 1, updated_at = ${stamp(random)}`,
  },
  positions: {
    name: 'positions',
    ddl: 'CREATE TABLE positions (account_id INT NOT NULL, code VARCHAR(10) NOT NULL, label VARCHAR(40) NOT NULL, qty INT NOT NULL, updated_at DATETIME(3) NOT NULL, PRIMARY KEY (account_id, code))',
    key: ['account_id', 'code'],
    keyLiterals: (n) => [String(Math.floor(n / CODES)), `'C${n % CODES}'`],
    keyTexts: (n) => ({ account_id: String(Math.floor(n / CODES)), code: `C${n % CODES}` }),
    values: (n, random) => `'position ${n}', ${random.int(0, 1_000_000)}, '2026-01-01'`,
    change: (random) => `qty = ${random.int(0, 1_000_000)}, updated_at = ${stamp(random)}`,
  },
  sessions: {
    name: 'sessions',
    ddl: 'CREATE TABLE sessions (id BINARY(16) PRIMARY KEY, label VARCHAR(40) NOT NULL, data JSON NOT NULL, hits INT NOT NULL, updated_at DATETIME(3) NOT NULL)',
    ...oneColumn('id', uuidOf, (hex) => `x'${hex}'`),
    values: (n, random) => `'session ${n}', '{"n": ${random.int(0, 99)}}', 0, '2026-01-01'`,
    change: (random) => `hits = hits + 1, updated_at = ${stamp(random)}`,
  },
  hot: {
    name: 'hot',
    ddl: 'CREATE TABLE hot (id INT PRIMARY KEY, label VARCHAR(40) NOT NULL, n INT NOT NULL, updated_at DATETIME(3) NOT NULL)',
    ...oneColumn('id', String),
    values: (n) => `'hot ${n}', 0, '2026-01-01'`,
    change: (random) => `n = ${random.int(0, 1_000_000_000)}, updated_at = ${stamp(random)}`,
  },
  flags: {
    name: 'flags',
    ddl: 'CREATE TABLE flags (id INT PRIMARY KEY, label VARCHAR(40) NOT NULL, is_on TINYINT NOT NULL)',
    ...oneColumn('id', String),
    values: (n) => `'flag ${n}', 0`,
    change: () => 'is_on = 1 - is_on',
  },
};

/** Evaluated once, by the application: both databases get the same. */
function stamp(random: SeededRandom): string {
  return `'2026-02-01 00:00:00' + INTERVAL ${random.int(0, 86_400_000)} * 1000 MICROSECOND`;
}

function oneColumn(name: string, textOf: (n: number) => string, literal = (text: string) => text) {
  return {
    key: [name],
    keyLiterals: (n: number) => [literal(textOf(n))],
    keyTexts: (n: number) => ({ [name]: textOf(n) }),
  };
}

/** 16 bytes in an order that has nothing to do with `n`. */
function uuidOf(n: number): string {
  const mixed = Math.imul(n + 1, 0x9e3779b1) >>> 0;
  return mixed.toString(16).padStart(8, '0').padEnd(24, '0') + n.toString(16).padStart(8, '0');
}

export function whereKey(table: LiveTable, n: number): string {
  const literals = table.keyLiterals(n);
  return table.key.map((column, i) => `${column} = ${literals[i]}`).join(' AND ');
}

export function insertOf(table: LiveTable, n: number, random: SeededRandom): string {
  return `INSERT INTO ${table.name} VALUES ${rowOf(table, n, random)}`;
}

function rowOf(table: LiveTable, n: number, random: SeededRandom): string {
  return `(${table.keyLiterals(n).join(', ')}, ${table.values(n, random)})`;
}

/** How many rows each table has at first, for so many in all. */
export function tableSizes(rows: number): Readonly<Record<LiveTableName, number>> {
  const [hot, flags] = [50, 200];
  const large = rows - hot - flags;
  const accounts = Math.floor(large * 0.4);
  const positions = Math.floor(large * 0.35);
  return { accounts, positions, sessions: large - accounts - positions, hot, flags };
}

const ROWS_A_STATEMENT = 2000;

interface MakeInput {
  readonly database: string;
  readonly rows: number;
  readonly random: SeededRandom;
  isFree(table: LiveTableName, n: number): boolean;
}

/** The same rows on every server that is given; none under the keys that are free. */
export async function makeTables(
  servers: readonly SqlServer[],
  { database, rows, random, isFree }: MakeInput,
): Promise<void> {
  const connections = await Promise.all(servers.map((server) => connect(server, database)));
  const everywhere = (sql: string) => Promise.all(connections.map((connection) => connection.query(sql)));
  try {
    const sizes = tableSizes(rows);
    for (const table of Object.values(LIVE_TABLES)) {
      await everywhere(table.ddl);
      for (let from = 0; from < sizes[table.name]; from += ROWS_A_STATEMENT) {
        const count = Math.min(ROWS_A_STATEMENT, sizes[table.name] - from);
        const numbers = Array.from({ length: count }, (_, i) => from + i);
        const literals = numbers.filter((n) => !isFree(table.name, n)).map((n) => rowOf(table, n, random));
        await everywhere(`INSERT INTO ${table.name} VALUES ${literals.join(', ')}`);
      }
    }
  } finally {
    await Promise.all(connections.map((connection) => connection.end()));
  }
}
