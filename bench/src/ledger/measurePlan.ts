/** How long a large plan takes to write, and what it takes of Redis: planned only, and when its shards are done. */
import type { Ledger } from '@rowparity/core';
import { type Redis, redisUsage } from '../shared/redisUsage.ts';
import { writeRun } from './writeRun.ts';

const MIB = 1024 * 1024;

export interface PlanMeasured {
  readonly shards: number;
  readonly seconds: number;
  readonly redisCpuSeconds: number;
  readonly memoryMiB: number;
  readonly bytesPerPlannedShard: number;
}

export async function measurePlan(
  { ledger, redis }: { readonly ledger: Ledger; readonly redis: Redis },
  run: { readonly runId: string; readonly shards: number },
): Promise<PlanMeasured> {
  const before = await redisUsage(redis);
  const begin = performance.now();
  await writeRun(ledger, run);
  const seconds = (performance.now() - begin) / 1000;
  const after = await redisUsage(redis);
  const bytes = after.memoryBytes - before.memoryBytes;
  return {
    shards: run.shards,
    seconds,
    redisCpuSeconds: after.cpuSeconds - before.cpuSeconds,
    memoryMiB: bytes / MIB,
    bytesPerPlannedShard: bytes / run.shards,
  };
}
