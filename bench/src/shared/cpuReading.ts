/** Names to processor seconds, now; what was used in between is the difference of two readings. */
import { cpuSecondsOf } from './processCpu.ts';
import { type Redis, redisUsage } from './redisUsage.ts';

export type CpuReading = Readonly<Record<string, number>>;

export async function readCpu(redis: Redis, pids: Readonly<Record<string, number>>): Promise<CpuReading> {
  const { cpuSeconds } = await redisUsage(redis);
  const entries = Object.entries(pids).map(async ([name, pid]) => [name, await cpuSecondsOf(pid)] as const);
  return { redis: cpuSeconds, ...Object.fromEntries(await Promise.all(entries)) };
}

export function cpuBetween(before: CpuReading, after: CpuReading): CpuReading {
  return Object.fromEntries(
    Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]),
  );
}

/** `worker-1` and `worker-2` are one line. */
export function byApp(cpu: CpuReading): CpuReading {
  const sums = new Map<string, number>();
  for (const [name, seconds] of Object.entries(cpu)) {
    const app = name.replace(/-\d+$/, '');
    sums.set(app, (sums.get(app) ?? 0) + seconds);
  }
  return Object.fromEntries(sums);
}
