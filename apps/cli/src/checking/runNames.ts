/** Default names of runs and places of their ledgers. Runs of one comparison share a beginning. */
import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const STATE_FOLDER = '.rowparity';
export const LEDGER_SUFFIX = '.sqlite';
export const EVENTS_SUFFIX = '.events.ndjson';
const HASH_CHARS = 8;
const DATABASE_CHARS = 40;

/** The same databases, direction and tables give the same name. */
export function comparisonName(database: string, comparison: readonly unknown[]): string {
  const hash = createHash('sha256').update(JSON.stringify(comparison)).digest('hex').slice(0, HASH_CHARS);
  const readable = database.replace(/[^A-Za-z0-9_]+/g, '-').slice(0, DATABASE_CHARS);
  return `${/^[A-Za-z0-9]/.test(readable) ? '' : 'db'}${readable}-${hash}`;
}

/** `shop-1a2b3c4d-20261122151357123`; later runs sort behind earlier ones. */
export function newRunId(comparison: string, now: number): string {
  return `${comparison}-${new Date(now).toISOString().replace(/\D/g, '')}`;
}

export function ledgerPath(runId: string): string {
  return join(STATE_FOLDER, `${runId}${LEDGER_SUFFIX}`);
}

/** Of a run whose command named no file for its events. */
export function eventsPath(runId: string): string {
  return join(STATE_FOLDER, `${runId}${EVENTS_SUFFIX}`);
}

/** The ledger of the newest run of a comparison. */
export async function newestLedger(comparison: string): Promise<string | undefined> {
  const files = await readdir(STATE_FOLDER).catch(() => []);
  const isOne = (file: string) =>
    file.startsWith(`${comparison}-`) && /^\d{17}\.sqlite$/.test(file.slice(comparison.length + 1));
  const newest = files.filter(isOne).sort().at(-1);
  return newest && join(STATE_FOLDER, newest);
}
