/** What can be said of a valid spec before it runs: allowed, and most likely not what was meant. */
import type { RunNote } from './runNote.ts';
import type { RunSpec } from './runSpec.ts';

export function specNotes(spec: Pick<RunSpec, 'recheck' | 'allowSame'>): RunNote[] {
  return [...shorterDelay(spec.recheck.delaysMs), ...sameAllowed(spec.allowSame)];
}

/** A row that moved in one round is confirmed when it stands still for the next delay, so each one must bear the lag. */
function shorterDelay(delaysMs: readonly number[]): RunNote[] {
  const place = delaysMs.findIndex((delay, i) => delaysMs.slice(0, i).some((earlier) => earlier > delay));
  if (place < 0) return [];
  const longest = Math.max(...delaysMs.slice(0, place));
  const message = `The recheck delay ${delaysMs[place]} ms is shorter than an earlier one (${longest} ms). Each delay must be longer than the target lags, or rows that are on their way are confirmed as different. Make no delay shorter than the one before.`;
  return [{ code: 'SHORTER_DELAY', message }];
}

function sameAllowed(allowSame: boolean): RunNote[] {
  if (!allowSame) return [];
  const message =
    'The spec allows a database to be compared with itself. If both connections lead to one database, nothing is proved.';
  return [{ code: 'SAME_DATABASE_ALLOWED', message }];
}
