/** A table of five columns that grows on both servers, made by them alone. */
import { connect, createDatabase, type SqlServer } from '@rowparity/testkit';
import { type BenchServers, DATABASE } from '../engine/tables.ts';
import { makeNumbers } from '../peers/numbers.ts';

export const TABLE = 'grown';
/** Rows of one statement. */
const SLICE_ROWS = 1_000_000;
const COLUMNS =
  'id BIGINT NOT NULL PRIMARY KEY, customer INT NOT NULL, amount DECIMAL(12,2) NOT NULL, note VARCHAR(24) NOT NULL, made DATETIME NOT NULL';

export async function createGrownTable(servers: BenchServers): Promise<void> {
  for (const server of [servers.source, servers.destination]) {
    await createDatabase(server, DATABASE);
    await within(server, async (query) => {
      await query(`CREATE TABLE ${TABLE} (${COLUMNS})`);
    });
    const connection = await connect(server, DATABASE);
    await makeNumbers(connection, SLICE_ROWS);
    await connection.end();
  }
}

/** Adds the rows from `from` up to `upTo`, exclusive, to both tables. */
export async function growTo(servers: BenchServers, from: number, upTo: number): Promise<void> {
  await Promise.all(
    [servers.source, servers.destination].map((server) =>
      within(server, async (query) => {
        for (let first = from; first < upTo; first += SLICE_ROWS) {
          const rows = Math.min(SLICE_ROWS, upTo - first);
          await query(
            `INSERT INTO ${TABLE} SELECT i, MOD(i * 48271, 1000003), MOD(i, 100000) / 100, CONCAT('note ', MOD(i, 977)),
             '2026-01-01 00:00:00' + INTERVAL MOD(i, 8640000) SECOND FROM (SELECT n + ${first} AS i FROM numbers WHERE n < ${rows}) AS slice`,
          );
        }
        await query(`ANALYZE TABLE ${TABLE}`);
      }),
    ),
  );
}

async function within(
  server: SqlServer,
  work: (query: (sql: string) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const connection = await connect(server, DATABASE);
  try {
    await work((sql) => connection.query(sql));
  } finally {
    await connection.end();
  }
}
