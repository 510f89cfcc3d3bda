/** The tables that every tool is timed on, equal on both sides: each a database of its own. */
import { connect, createDatabase, createShop, type SqlServer } from '@rowparity/testkit';
import { type Connection, makeNumbers } from './numbers.ts';
import type { BothServers, ComparedTables } from './peer.ts';

export interface TimedTables {
  /** What the tables are like, for people. */
  readonly name: string;
  readonly rows: number;
  readonly compared: ComparedTables;
}

interface Kind {
  readonly name: string;
  /** Of the rows that were asked for. */
  readonly share: number;
  readonly tables?: number;
  readonly columns: string;
  readonly key: readonly string[];
  /** Of row n. */
  readonly values: string;
}

const KINDS: readonly Kind[] = [
  {
    name: 'narrow: three integers',
    ...{ share: 1, columns: 'id BIGINT NOT NULL, a INT NOT NULL, b INT NOT NULL', key: ['id'] },
    values: 'n, MOD(n * 48271, 1000003), MOD(n, 97)',
  },
  {
    name: 'UUID as text for a key',
    ...{ share: 0.3, columns: 'u CHAR(36) NOT NULL, v VARCHAR(60) NOT NULL, w INT NOT NULL', key: ['u'] },
    values: `INSERT(INSERT(INSERT(INSERT(LEFT(SHA2(n, 256), 32), 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-'),
      CONCAT('value ', n), MOD(n, 1000)`,
  },
  {
    name: 'a key of two columns',
    ...{
      share: 0.3,
      columns: 'a INT NOT NULL, b VARCHAR(20) NOT NULL, v VARCHAR(60) NOT NULL',
      key: ['a', 'b'],
    },
    values: "FLOOR(n / 10), CONCAT('part-', MOD(n, 10)), CONCAT('value ', n)",
  },
  {
    name: 'texts of 4 KiB',
    ...{ share: 0.02, columns: 'id BIGINT NOT NULL, t TEXT NOT NULL', key: ['id'] },
    values: 'n, REPEAT(SHA2(n, 256), 64)',
  },
  {
    name: 'BLOBs of 256 KiB',
    ...{ share: 0.0004, columns: 'id BIGINT NOT NULL, b LONGBLOB NOT NULL', key: ['id'] },
    values: 'n, REPEAT(UNHEX(SHA2(n, 256)), 8192)',
  },
  {
    name: '300 tables of 1,000 rows',
    ...{ share: 0.001, tables: 300, columns: 'id BIGINT NOT NULL, v VARCHAR(40) NOT NULL', key: ['id'] },
    values: "n, CONCAT('value ', n)",
  },
];

/** `rows`: of the largest tables. */
export async function makeTimedTables(servers: BothServers, rows: number): Promise<readonly TimedTables[]> {
  const made: TimedTables[] = [await makeOrders(servers, rows)];
  for (const [place, kind] of KINDS.entries()) {
    const database = `peers_${place}`;
    const count = Math.max(1, Math.round(kind.share * rows));
    const names = Array.from({ length: kind.tables ?? 1 }, (_, i) => `t${i}`);
    for (const server of [servers.source, servers.destination]) {
      await fill(server, { database, kind, names, count });
    }
    const tables = names.map((name) => ({ name, key: kind.key }));
    made.push({ name: kind.name, rows: count * names.length, compared: { ...servers, database, tables } });
  }
  return made;
}

async function makeOrders(servers: BothServers, rows: number): Promise<TimedTables> {
  const database = 'peers_orders';
  const { rowCounts } = await createShop({
    ...{ servers, database, rows: Math.round(rows / ORDERS_SHARE), seed: 1, tables: ['orders'] },
  });
  return {
    ...{ name: 'orders: ten columns with JSON', rows: rowCounts.orders ?? rows },
    compared: { ...servers, database, tables: [{ name: 'orders', key: ['id'] }] },
  };
}

/** The share of the shop's rows that are orders. */
const ORDERS_SHARE = 0.3;

interface Filling {
  readonly database: string;
  readonly kind: Kind;
  readonly names: readonly string[];
  readonly count: number;
}

async function fill(server: SqlServer, { database, kind, names, count }: Filling): Promise<void> {
  await createDatabase(server, database);
  const connection: Connection = await connect(server, database);
  try {
    await makeNumbers(connection, count);
    for (const name of names) {
      await connection.query(`CREATE TABLE ${name} (${kind.columns}, PRIMARY KEY (${kind.key.join(', ')}))`);
      await connection.query(`INSERT INTO ${name} SELECT ${kind.values} FROM numbers ORDER BY n`);
      await connection.query(`ANALYZE TABLE ${name}`);
    }
    await connection.query('DROP TABLE numbers');
  } finally {
    await connection.end();
  }
}
