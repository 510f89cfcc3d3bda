/** How long the servers' answers take while a table is cut into many shards: what a plan costs before it is written. */
import { cutTable, DEFAULT_TABLE_OPTIONS, mapSides, planTable } from '@rowparity/core';
import { connectionUrl, SessionPool, SqlCatalog } from '@rowparity/mysql';
import { connect, createDatabase, databaseUrl, type SqlServer } from '@rowparity/testkit';

const DATABASE = 'bench_cuts';
/** As a coordinator keeps open. */
const SESSIONS = 8;
const INSERT_ROWS = 20_000;
/** Keys with holes of changing width, as tables have them that rows were deleted from. */
const KEY_STEP = 7;

export interface CutMeasured {
  readonly rows: number;
  readonly shards: number;
  readonly seconds: number;
}

export async function measureCuts(
  servers: { readonly source: SqlServer; readonly destination: SqlServer },
  { rows, rowsAShard }: { readonly rows: number; readonly rowsAShard: number },
): Promise<CutMeasured> {
  const sides = { base: servers.source, target: servers.destination };
  await Promise.all([makeTable(sides.base, rows), makeTable(sides.target, rows)]);
  const pools = mapSides(
    sides,
    (server, side) =>
      new SessionPool(connectionUrl.parse(databaseUrl(server, DATABASE)), { ref: side, idleMax: SESSIONS }),
  );
  const catalogs = mapSides(pools, (pool) => new SqlCatalog(pool));
  const { signal } = new AbortController();
  const [base, target] = await Promise.all([
    catalogs.base.describe('keys_only', signal),
    catalogs.target.describe('keys_only', signal),
  ]);
  if (!base || !target) throw new Error('the table was not made');
  const planning = planTable({ base, target }, DEFAULT_TABLE_OPTIONS);
  if (planning.kind === 'refused') throw new Error(planning.refusal.message);
  const begin = performance.now();
  const ranges = await cutTable(planning.plan, { catalogs, wantedRows: rowsAShard, signal });
  const seconds = (performance.now() - begin) / 1000;
  await Promise.all([pools.base.close(), pools.target.close()]);
  return { rows, shards: ranges.length, seconds };
}

async function makeTable(server: SqlServer, rows: number): Promise<void> {
  await createDatabase(server, DATABASE);
  const connection = await connect(server, DATABASE);
  await connection.query('CREATE TABLE keys_only (id BIGINT NOT NULL PRIMARY KEY)');
  for (let first = 0; first < rows; first += INSERT_ROWS) {
    const values = Array.from({ length: Math.min(INSERT_ROWS, rows - first) }, (_, place) => {
      const row = first + place;
      return `(${row * KEY_STEP + (row % KEY_STEP)})`;
    });
    await connection.query(`INSERT INTO keys_only VALUES ${values.join(',')}`);
  }
  await connection.query('ANALYZE TABLE keys_only');
  await connection.end();
}
