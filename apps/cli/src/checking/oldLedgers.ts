/**
 * Removes the ledgers of runs that were settled long ago. Until then `report` and `certificate` can write their
 * documents again, and no run id is used twice. The ledger of a run that is not settled stays.
 */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { openSqliteLedger } from '@rowparity/sqlite';
import { EVENTS_SUFFIX, LEDGER_SUFFIX } from './runNames.ts';

/** The default of the services for settled runs. */
const KEPT_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1000;
/** A limit, so that a start stays fast; the next start removes more. */
const REMOVED_MAX = 100;
/** Absent for a file that --ledger named. */
const RUNS_MAX = 1000;
/** What SQLite puts beside a file, if a process was killed. */
const COMPANIONS = ['', '-wal', '-shm'];

export interface OldLedgers {
  readonly folder: string;
  /** The ledger that is open now. */
  readonly inUse: string;
  readonly now: number;
}

/** Resolves to the number of removed files. Files that cannot be read or removed stay: they must not stop the check. */
export async function removeOldLedgers({ folder, inUse, now }: OldLedgers): Promise<number> {
  const files = await readdir(folder).catch(() => []);
  const settledBefore = now - KEPT_DAYS * DAY_MS;
  let removed = 0;
  for (const file of files) {
    const path = join(folder, file);
    if (!file.endsWith(LEDGER_SUFFIX) || resolve(path) === resolve(inUse)) continue;
    if (await isRemoved(path, settledBefore).catch(() => false)) removed += 1;
    if (removed === REMOVED_MAX) break;
  }
  return removed;
}

async function isRemoved(path: string, settledBefore: number): Promise<boolean> {
  // A link is left: the ledger that it leads to lies elsewhere.
  const found = await lstat(path);
  // A file is written last when its run is settled: most need not be opened.
  if (!found.isFile() || found.size === 0 || found.mtimeMs >= settledBefore) return false;
  if (!(await isSettledBefore(settledBefore, path))) return false;
  for (const companion of COMPANIONS) await rm(`${path}${companion}`, { force: true });
  await rm(`${path.slice(0, -LEDGER_SUFFIX.length)}${EVENTS_SUFFIX}`, { force: true });
  return true;
}

async function isSettledBefore(time: number, path: string): Promise<boolean> {
  const ledger = openSqliteLedger({ path });
  try {
    if ((await ledger.openRuns()).length > 0) return false;
    const { runs, unreadable } = await ledger.listRuns(RUNS_MAX);
    if (unreadable.length > 0) return false;
    return runs.length > 0 && runs.every(({ settledAt }) => settledAt !== null && settledAt < time);
  } finally {
    await ledger.close();
  }
}
