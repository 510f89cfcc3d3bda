/** What processes have used, as the kernel tells it. NaN where there is no /proc. */
import { readFile } from 'node:fs/promises';

/** Linux counts in hundredths of a second on every kernel. */
const TICKS_A_SECOND = 100;
/** Fields of /proc/<pid>/stat behind the name: state is the first of them. */
const USER_FIELD = 11;
const SYSTEM_FIELD = 12;

/** Seconds of a process, user and system, since it began. */
export async function cpuSecondsOf(pid: number): Promise<number> {
  return cpuSecondsIn(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''));
}

/** The name of the program may hold blanks and brackets: what counts comes behind its last bracket. */
export function cpuSecondsIn(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[USER_FIELD]) + Number(fields[SYSTEM_FIELD])) / TICKS_A_SECOND;
}

export async function memoryMiBOf(pid: number): Promise<number> {
  return statusMiB(pid, 'VmRSS');
}

/** The most that a process has had since it began. */
export async function peakMiBOf(pid: number): Promise<number> {
  return statusMiB(pid, 'VmHWM');
}

async function statusMiB(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
}
