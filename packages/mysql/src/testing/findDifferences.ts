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
import { type Progress, type ShardEnd, validateShard } from '@rowparity/core';
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
  servers: Pick<TestServers, 'readers'>,
  plan: TablePlan,
  { pageRows = 1000, delaysMs = [1, 1], strategy = 'exact', range = EVERYTHING }: FindOptions = {},
): Promise<Found> {
  const events: InconsistentEvent[] = [];
  const adds: Counts[] = [];
  const pages = servers.readers(plan);
  const points = servers.readers(plan, pages);
  const validating = validateShard(
    {
      context: { runId: 'test', direction: 'SRC', table: plan.tables.base.table, plan },
      shard: 0,
      range,
      checkpoint: null,
      counts: zeroCounts(),
      policy: { strategy, recheck: { delaysMs: [...delaysMs] }, shard: { rows: 1000, window: 1, pageRows } },
    },
    {
      pages,
      points,
      clock: {
        now: () => Date.now(),
        steadyNow: () => performance.now(),
        sleep: async (ms) => void (await sleep(ms)),
      },
      sink: {
        publish: async (placed) => {
          events.push(...placed.map(({ event }) => event));
        },
        flush: async () => {},
        close: async () => {},
      },
      commit: async ({ add }: Progress) => {
        adds.push(add);
        return { kind: 'written' };
      },
    },
    noSignal,
  );
  const end = await validating.finally(() =>
    Promise.all([pages.base, pages.target, points.base, points.target].map((reader) => reader.close())),
  );
  if (end.kind === 'ended') adds.push(end.rest.add);
  return { end, counts: adds.reduce(addCounts, zeroCounts()), events, lines: events.map(lineOf).sort() };
}

function lineOf({ Type, Key = {}, Columns = [] }: InconsistentEvent): string {
  const key = Object.values(Key).map((value) => (typeof value === 'object' ? value.hex : String(value)));
  return `${Type} ${key.join('/')} ${Columns.join(',')}`;
}
