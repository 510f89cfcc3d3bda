// Makes the shop on both servers at once: one generator, its statements sent to both, so that the same bytes are on
// both sides by construction. Fast: the next statement is built while the servers work on the last.

import { setImmediate as yieldToSockets } from 'node:timers/promises';
import type { Connection } from 'mysql2/promise';
import { type SeededRandom, seededRandom } from '../random/seededRandom.ts';
import { connect, createDatabase } from '../servers/databases.ts';
import type { SideName, SqlAddress } from '../servers/server.ts';
import { rowLiteral, type ShopTable } from './shopTable.ts';
import { shopTables } from './shopTables.ts';

export interface ShopOptions {
  readonly servers: Readonly<Record<SideName, SqlAddress>>;
  /** Made anew on both servers; what was in it is lost. */
  readonly database: string;
  /** About this many rows in all tables together. */
  readonly rows?: number;
  readonly seed?: number;
  /** Names of the tables to make; all when left out. */
  readonly tables?: readonly string[];
  readonly say?: (line: string) => void;
}

export interface Shop {
  readonly database: string;
  readonly seed: number;
  /** Table name to number of rows. */
  readonly rowCounts: Readonly<Record<string, number>>;
}

const ROWS_DEFAULT = 500_000;
const SEED_DEFAULT = 1;
// Large enough that the round trip is nothing, small enough for every server's default max_allowed_packet.
const STATEMENT_CHARACTERS = 1_000_000;

/** Creates the database on both servers and fills it with identical rows. */
export async function createShop(options: ShopOptions): Promise<Shop> {
  const { servers, database, rows = ROWS_DEFAULT, seed = SEED_DEFAULT, say } = options;
  const sides = [servers.source, servers.destination];
  await Promise.all(sides.map((server) => createDatabase(server, database)));
  const connections = await Promise.all(sides.map((server) => connect(server, database)));
  try {
    await onEach(connections, `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO'`);
    await onEach(connections, 'SET SESSION unique_checks = 0');
    const rowCounts: Record<string, number> = {};
    for (const [index, table] of shopTables.entries()) {
      if (options.tables && !options.tables.includes(table.name)) continue;
      const count = Math.round(rows * table.share);
      const begin = performance.now();
      await onEach(connections, table.ddl);
      await fill({ connections, table, count, random: seededRandom(seed * 100 + index) });
      await onEach(connections, `ANALYZE TABLE ${table.name}`);
      rowCounts[table.name] = count;
      say?.(
        `${table.name}: ${count} rows on both sides in ${((performance.now() - begin) / 1000).toFixed(1)} s`,
      );
    }
    return { database, seed, rowCounts };
  } finally {
    await Promise.all(connections.map((connection) => connection.end()));
  }
}

interface Filling {
  readonly connections: readonly Connection[];
  readonly table: ShopTable;
  readonly count: number;
  readonly random: SeededRandom;
}

async function fill({ connections, table, count, random }: Filling): Promise<void> {
  let previous: Promise<unknown> = Promise.resolve();
  for (const statement of insertStatements(table, count, random)) {
    const sent = onEach(connections, statement);
    // Awaited one statement later; without this a failure in between would count as unhandled.
    sent.catch(() => undefined);
    await previous;
    await yieldToSockets();
    previous = sent;
  }
  await previous;
}

/** The table's rows as INSERT statements of about a million characters; the same for the same random source. */
export function* insertStatements(table: ShopTable, count: number, random: SeededRandom): Generator<string> {
  const start = `INSERT INTO ${table.name} VALUES `;
  let statement = '';
  for (const key of table.keys(count, random)) {
    statement += (statement === '' ? start : ',') + rowLiteral(table, key, random);
    if (statement.length < STATEMENT_CHARACTERS) continue;
    yield statement;
    statement = '';
  }
  if (statement !== '') yield statement;
}

function onEach(connections: readonly Connection[], sql: string): Promise<unknown> {
  return Promise.all(connections.map((connection) => connection.query(sql)));
}
