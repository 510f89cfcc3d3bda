/** Rowparity's own engine over a whole table as one shard: what a worker does, without queue and ledger. */

import { setTimeout as sleep } from 'node:timers/promises';
import { addCounts, type Counts, KNOWN_KEPT_DEFAULT, type RunSpec, zeroCounts } from '@rowparity/contracts';
import {
  DEFAULT_TABLE_OPTIONS,
  mapSides,
  type Progress,
  planTable,
  RunConvergence,
  type Sides,
  validateShard,
} from '@rowparity/core';
import { connectionUrl, SessionPool, SqlCatalog, SqlRowReader } from '@rowparity/mysql';
import { databaseUrl } from '@rowparity/testkit';
import { type BenchServers, DATABASE } from './tables.ts';

/** The default of a run spec. */
const PAGE_ROWS = 20_000;
export const noSignal = new AbortController().signal;

export function openPools({ source, destination }: BenchServers, compress = 'auto'): Sides<SessionPool> {
  return mapSides({ base: source, target: destination }, (server, side) => {
    const url = new URL(databaseUrl(server, DATABASE));
    url.searchParams.set('compress', compress);
    return new SessionPool(connectionUrl.parse(url.href), { ref: side, idleMax: 4 });
  });
}

export async function planOf(pools: Sides<SessionPool>, table: string) {
  const [base, target] = await Promise.all([
    new SqlCatalog(pools.base).describe(table, noSignal),
    new SqlCatalog(pools.target).describe(table, noSignal),
  ]);
  if (!base || !target) throw new Error(`no table ${table}`);
  const planning = planTable({ base, target }, DEFAULT_TABLE_OPTIONS);
  if (planning.kind === 'refused') throw new Error(planning.refusal.message);
  return planning.plan;
}

export interface Comparison {
  readonly table: string;
  readonly strategy: RunSpec['strategy'];
}

export async function compareTable(pools: Sides<SessionPool>, comparison: Comparison): Promise<Counts> {
  const { table, strategy } = comparison;
  const plan = await planOf(pools, table);
  const readers = () => mapSides(pools, (pool, side) => new SqlRowReader(pool, plan, side));
  const [pages, points] = [readers(), readers()];
  let sum = zeroCounts();
  const commit = async ({ add }: Progress) => {
    sum = addCounts(sum, add);
    return { kind: 'written' } as const;
  };
  const end = await validateShard(
    {
      context: {
        ...{ runId: 'bench', generation: 1, direction: 'SRC', table, plan },
        rows: {
          connections: { source: 'source', destination: 'destination' },
          tables: { source: table, destination: table },
          keySpace: '0'.repeat(16),
        },
      },
      shard: 0,
      range: { after: null, upTo: null },
      checkpoint: null,
      counts: zeroCounts(),
      policy: {
        strategy,
        recheck: { delaysMs: [0], stillMs: 'auto', fence: 'off', maxWaitMs: 0 },
        shard: { rows: 1, window: 1, pageRows: PAGE_ROWS },
        ...{ known: { keep: KNOWN_KEPT_DEFAULT }, events: { resolved: false } },
      },
    },
    {
      pages,
      points,
      clock: {
        now: () => Date.now(),
        steadyNow: () => performance.now(),
        sleep: async (ms) => void (await sleep(ms)),
      },
      convergence: new RunConvergence(),
      sink: { publish: async () => {}, flush: async () => {} },
      isWanted: async () => true,
      commit,
    },
    noSignal,
  );
  await Promise.all([pages, points].flatMap(({ base, target }) => [base.close(), target.close()]));
  if (end.kind !== 'ended') throw new Error('the shard was lost');
  return addCounts(sum, end.rest.add);
}
