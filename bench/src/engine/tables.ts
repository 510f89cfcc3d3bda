/** The two tables that are measured: the shop's orders (ten columns with JSON, DECIMAL, NULLs) and a narrow one. */
import { connect, createShop, type SqlServer } from '@rowparity/testkit';

export const DATABASE = 'bench';
/** The share of the shop's rows that are orders. */
const ORDERS_SHARE = 0.3;

export interface BenchServers {
  readonly source: SqlServer;
  readonly destination: SqlServer;
}

export async function makeTables(
  servers: BenchServers,
  sizes: { readonly rows: number; readonly narrowRows: number },
): Promise<void> {
  await createShop({
    servers,
    database: DATABASE,
    rows: Math.round(sizes.rows / ORDERS_SHARE),
    seed: 1,
    tables: ['orders'],
  });
  for (const server of [servers.source, servers.destination]) {
    await makeNarrow(server, sizes.narrowRows);
    await copyOrders(server);
  }
}

/** For the rows that differ: `orders` stays equal. */
async function copyOrders(server: SqlServer): Promise<void> {
  const connection = await connect(server, DATABASE);
  await connection.query('CREATE TABLE differing LIKE orders');
  await connection.query('INSERT INTO differing SELECT * FROM orders ORDER BY id');
  await connection.query('ANALYZE TABLE differing');
  await connection.end();
}

async function makeNarrow(server: SqlServer, rows: number): Promise<void> {
  const connection = await connect(server, DATABASE);
  await connection.query(
    'CREATE TABLE narrow (id BIGINT NOT NULL PRIMARY KEY, a INT NOT NULL, b INT NOT NULL)',
  );
  const slice = 20_000;
  for (let first = 0; first < rows; first += slice) {
    const values = Array.from({ length: Math.min(slice, rows - first) }, (_, i) => {
      const id = first + i + 1;
      return `(${id},${(id * 2654435761) % 1_000_000_007},${id % 97})`;
    });
    await connection.query(`INSERT INTO narrow VALUES ${values.join(',')}`);
  }
  await connection.query('ANALYZE TABLE narrow');
  await connection.end();
}

/** Makes about one row in `every` differ on the destination in one flag; returns how many differ then. */
export async function makeDiffer(servers: BenchServers, every: number): Promise<number> {
  const connection = await connect(servers.destination, DATABASE);
  const [result] = await connection.query(
    `UPDATE differing SET paid = 1 - paid WHERE MOD(CRC32(id), ${every}) = 0`,
  );
  await connection.end();
  return (result as { readonly affectedRows: number }).affectedRows;
}

/** Puts the destination's flags back to the source's. */
export async function makeEqual(servers: BenchServers, every: number): Promise<void> {
  await makeDiffer(servers, every);
}
