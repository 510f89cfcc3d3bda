/** A table pair on two real servers, for tests: made from SQL, planned as a run would plan it. */
import type { KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import {
  DEFAULT_TABLE_OPTIONS,
  mapSides,
  type PageLimits,
  planTable,
  type RowPage,
  type Sides,
} from '@rowparity/core';
import { connect } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases } from '@rowparity/testkit/vitest';
import { SqlCatalog } from '../catalog/sqlCatalog.ts';
import { connectionUrl } from '../connection/connectionUrl.ts';
import { SessionPool } from '../connection/sessionPool.ts';
import { SqlMultisetReader } from '../rows/sqlMultisetReader.ts';
import { SqlRowReader } from '../rows/sqlRowReader.ts';

export const noSignal = new AbortController().signal;
export const PAGE: PageLimits = { rows: 1000, bytes: 1e8 };
export const EVERYTHING: KeyRange = { after: null, upTo: null };

export interface TestServers {
  readonly databases: Sides<FreshDatabase>;
  readonly pools: Sides<SessionPool>;
  readonly catalogs: Sides<SqlCatalog>;
  /** Runs statements on one side. */
  run(side: 'base' | 'target', ...statements: readonly string[]): Promise<void>;
  /** Runs the same statements on both sides. */
  runBoth(...statements: readonly string[]): Promise<void>;
  plan(table: string, key?: readonly string[]): Promise<TablePlan>;
  /** Readers of one shard, or more of them. */
  readers(plan: TablePlan, pages?: Sides<SqlRowReader>): Sides<SqlRowReader>;
  multisets(plan: TablePlan): Sides<SqlMultisetReader>;
  close(): Promise<void>;
}

export async function testServers(): Promise<TestServers> {
  const { source, destination } = await freshDatabases();
  const databases = { base: source, target: destination };
  const pools = mapSides(
    databases,
    ({ url }, side) => new SessionPool(connectionUrl.parse(url), { ref: side, idleMax: 4 }),
  );
  const catalogs = mapSides(pools, (pool) => new SqlCatalog(pool));
  const run: TestServers['run'] = async (side, ...statements) => {
    const connection = await connect(databases[side].server, databases[side].name);
    for (const statement of statements) await connection.query(statement);
    await connection.end();
  };
  return {
    databases,
    pools,
    catalogs,
    run,
    async runBoth(...statements) {
      await Promise.all([run('base', ...statements), run('target', ...statements)]);
    },
    async plan(table, key) {
      const base = await catalogs.base.describe(table, noSignal);
      const target = await catalogs.target.describe(table, noSignal);
      if (!base || !target) throw new Error(`no table ${table}`);
      const planning = planTable({ base, target }, { ...DEFAULT_TABLE_OPTIONS, key });
      if (planning.kind === 'refused') throw new Error(planning.refusal.message);
      return planning.plan;
    },
    readers: (plan, pages) => readersOn(pools, plan, pages),
    multisets: (plan) => mapSides(pools, (pool, side) => new SqlMultisetReader(pool, plan, side)),
    async close() {
      await Promise.all([pools.base.close(), pools.target.close()]);
      await Promise.all([source.drop(), destination.drop()]);
    },
  };
}

function readersOn(
  pools: Sides<SessionPool>,
  plan: TablePlan,
  pages?: Sides<SqlRowReader>,
): Sides<SqlRowReader> {
  return mapSides(
    pools,
    (pool, side) => new SqlRowReader(pool, plan, pages ? { side, beside: pages[side] } : side),
  );
}

export function keysOf(page: RowPage): KeyTuple[] {
  return Array.from({ length: page.rows }, (_, row) => page.layout.keyAt(page, row));
}
