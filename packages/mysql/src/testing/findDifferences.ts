/** Validates one planned table pair as a single shard over real servers and gathers what it found. */

import { setTimeout as sleep } from 'node:timers/promises';
import {
  addCounts,
  type Counts,
  type InconsistentEvent,
  type KeyRange,
  type TablePlan,
  zeroCounts,
} from '@rowparity/contracts';
import {
  type PlacedEvent,
  type Progress,
  RunConvergence,
  type ShardEnd,
  validateMultisets,
  validateShard,
} from '@rowparity/core';
import { EVERYTHING, noSignal, type TestServers } from './tablePair.ts';

export interface Found {
  readonly end: ShardEnd;
  readonly counts: Counts;
  readonly events: readonly InconsistentEvent[];
  /** `type key columns`, sorted. */
  readonly lines: readonly string[];
}

export interface FindOptions {
  readonly pageRows?: number;
  readonly delaysMs?: readonly number[];
  readonly strategy?: 'exact' | 'checksum' | 'auto';
  readonly range?: KeyRange;
}

export async function findDifferences(
  servers: Pick<TestServers, 'readers'> & Partial<Pick<TestServers, 'multisets'>>,
  plan: TablePlan,
  { pageRows = 1000, delaysMs = [1, 1], strategy = 'exact', range = EVERYTHING }: FindOptions = {},
): Promise<Found> {
  const events: InconsistentEvent[] = [];
  const adds: Counts[] = [];
  const pages = servers.readers(plan);
  const points = servers.readers(plan, pages);
  const multisets = plan.multiset ? servers.multisets?.(plan) : undefined;
  const work = {
    context: {
      ...{ runId: 'test', generation: 1, direction: 'SRC' as const, table: plan.tables.base.table, plan },
      rows: {
        connections: { source: 'source', destination: 'destination' },
        tables: { source: plan.tables.base.table, destination: plan.tables.target.table },
        keySpace: '0'.repeat(16),
      },
    },
    shard: 0,
    range,
    checkpoint: null,
    counts: zeroCounts(),
    policy: {
      strategy,
      recheck: { delaysMs: [...delaysMs], stillMs: 'auto', fence: 'off', maxWaitMs: 0 } as const,
      shard: { rows: 1000, window: 1, pageRows },
      ...{ known: { keep: 1000 }, events: { resolved: false } },
    },
  };
  const deps = {
    pages,
    points,
    convergence: new RunConvergence(),
    clock: {
      now: () => Date.now(),
      steadyNow: () => performance.now(),
      sleep: async (ms: number) => void (await sleep(ms)),
    },
    sink: {
      publish: async (placed: readonly PlacedEvent[]) => {
        events.push(...placed.map(({ event }) => event));
      },
      flush: async () => {},
    },
    isWanted: async () => true,
    commit: async ({ add }: Progress) => {
      adds.push(add);
      return { kind: 'written' } as const;
    },
  };
  const validating = multisets
    ? validateMultisets(work, { ...deps, multisets }, noSignal)
    : validateShard(work, deps, noSignal);
  const readers = [pages, points, ...(multisets ? [multisets] : [])].flatMap(({ base, target }) => [
    base,
    target,
  ]);
  const end = await validating.finally(() => Promise.all(readers.map((reader) => reader.close())));
  if (end.kind === 'ended') adds.push(end.rest.add);
  return { end, counts: adds.reduce(addCounts, zeroCounts()), events, lines: events.map(lineOf).sort() };
}

function lineOf({ Type, Key = {}, Columns = [] }: InconsistentEvent): string {
  const key = Object.values(Key).map((value) => (typeof value === 'object' ? value.hex : String(value)));
  return `${Type} ${key.join('/')} ${Columns.join(',')}`;
}
