/** How busy the whole machine was. Other users of it are in that number, and in every other number of that time. */
import { cpus } from 'node:os';

export interface CpuTimes {
  readonly busyMs: number;
  readonly allMs: number;
}

export function cpuTimes(): CpuTimes {
  const all = cpus().map(({ times }) => times);
  const allMs = all.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { allMs, busyMs: allMs - all.reduce((sum, { idle }) => sum + idle, 0) };
}

/** 0 to 1, over all cores. */
export function busyBetween(before: CpuTimes, after: CpuTimes): number {
  return (after.busyMs - before.busyMs) / Math.max(1, after.allMs - before.allMs);
}
