/**
 * What the processes use while they look at runs of many tables: the coordinator at an open run four times a second,
 * its list of runs, and the metrics of the reporter. Processor time, so that a busy machine changes little.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type System, startSystem } from '@rowparity/harness';
import { createRedisLedger } from '@rowparity/redis';
import { systemClock } from '@rowparity/runtime';
import { cpuBetween, readCpu } from '../shared/cpuReading.ts';
import type { Redis } from '../shared/redisUsage.ts';
import type { Cell } from '../shared/textTable.ts';
import { writeWideRun } from './wideRun.ts';

/** As the supervisor has it. */
const LOOK_MS = 250;
const COLUMNS = 20;
const LISTED_RUNS = 200;
const WATCHED_MS = 20_000;
const REQUESTS = 4;
/** Until the shards of an open run that fit into its window are on the queue. */
const SETTLE_MS = 2000;

export interface LooksMeasured {
  readonly tables: number;
  /** Processor milliseconds: of the process that looks or answers, and of Redis. */
  readonly look: Used;
  readonly list: Used;
  readonly metrics: Used;
}

interface Used {
  readonly processMs: number;
  readonly redisMs: number;
  /** Of requests, the share that was answered with an error: 0 to 1. */
  readonly failed?: number;
}

export async function measureLooks(
  { redis, redisUrl }: { readonly redis: Redis; readonly redisUrl: string },
  { tables }: { readonly tables: number },
): Promise<LooksMeasured> {
  const idle = await withSystem(redisUrl, (system) => watched(redis, system));
  // A coordinator that found a run unplanned would plan it itself, so all are written before it starts.
  const ledger = createRedisLedger(redis, { clock: systemClock });
  await writeWideRun(ledger, { runId: 'open', tables, columns: COLUMNS });
  for (let run = 1; run < LISTED_RUNS; run += 1) {
    const runId = `settled-${run}`;
    await writeWideRun(ledger, { runId, tables, columns: COLUMNS });
    await ledger.settle(runId, { verdict: 'inconclusive', failure: null, now: Date.now() });
  }
  return withSystem(redisUrl, async (system) => {
    // The first look puts shards on the queue.
    await sleep(SETTLE_MS);
    const looking = await watched(redis, system);
    return {
      tables,
      look: { processMs: looking.processMs - idle.processMs, redisMs: looking.redisMs - idle.redisMs },
      list: await asked({
        redis,
        pid: pidOf(system, 'coordinator'),
        url: `${system.coordinatorUrl}/v1/runs`,
      }),
      metrics: await asked({ redis, pid: pidOf(system, 'reporter'), url: `${system.reporterUrl}/metrics` }),
    };
  });
}

/** Milliseconds of the process, and of Redis in brackets. */
export function looksTable(looks: readonly LooksMeasured[]): readonly (readonly Cell[])[] {
  const cellOf = ({ processMs, redisMs, failed = 0 }: Used): string => {
    const used = `${processMs.toFixed(1)} (${redisMs.toFixed(1)})`;
    return failed > 0 ? `${used}, ${Math.round(failed * 100)} % failed` : used;
  };
  return [
    ['processor ms (of Redis)', 'look at an open run', `list of ${LISTED_RUNS} runs`, 'metrics'],
    ...looks.map(({ tables, look, list, metrics }) => [
      `${tables} tables a run`,
      ...[look, list, metrics].map(cellOf),
    ]),
  ];
}

async function withSystem<T>(redisUrl: string, use: (system: System) => Promise<T>): Promise<T> {
  const nowhere = 'mysql://user:password@127.0.0.1:9/shop';
  const system = await startSystem({
    label: 'bench-looks',
    redisUrl,
    brokers: ['127.0.0.1:9'],
    connections: { source: nowhere, destination: nowhere },
    workers: 0,
  });
  try {
    await system.leader();
    return await use(system);
  } finally {
    await system.stop();
  }
}

function pidOf(system: System, app: 'coordinator' | 'reporter'): number {
  return system.apps(app)[0]?.pid ?? 0;
}

function watched(redis: Redis, system: System): Promise<Used> {
  const pid = pidOf(system, 'coordinator');
  return using({ redis, pid, times: WATCHED_MS / LOOK_MS }, () => sleep(WATCHED_MS));
}

interface Asked {
  readonly redis: Redis;
  readonly pid: number;
  readonly url: string;
}

async function asked({ redis, pid, url }: Asked): Promise<Used> {
  let failed = 0;
  const used = await using({ redis, pid, times: REQUESTS }, async () => {
    for (let request = 0; request < REQUESTS; request += 1) failed += (await isAnswered(url)) ? 0 : 1;
  });
  return { ...used, failed: failed / REQUESTS };
}

async function using(
  { redis, pid, times }: { readonly redis: Redis; readonly pid: number; readonly times: number },
  work: () => Promise<unknown>,
): Promise<Used> {
  const before = await readCpu(redis, { pid });
  await work();
  const { pid: used = 0, redis: ofRedis = 0 } = cpuBetween(before, await readCpu(redis, { pid }));
  return { processMs: (used * 1000) / times, redisMs: (ofRedis * 1000) / times };
}

async function isAnswered(url: string): Promise<boolean> {
  const answer = await fetch(url);
  await answer.text();
  return answer.ok;
}
