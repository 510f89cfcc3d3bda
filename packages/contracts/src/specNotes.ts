/** Warnings about a valid spec before it runs: it is allowed, but probably not what its author meant. */
import { movingCalls } from './predicate/predicateProblem.ts';
import type { RunNote } from './runNote.ts';
import type { RunSpec } from './runSpec.ts';
import { listed } from './words/listed.ts';

/** A note names no more tables than these. */
const TABLES_NAMED_MAX = 5;

export function specNotes(spec: Pick<RunSpec, 'recheck' | 'allowSame' | 'tables'>): RunNote[] {
  return [
    ...shorterDelay(spec.recheck.delaysMs),
    ...sameAllowed(spec.allowSame),
    ...movingPredicates(spec.tables),
  ];
}

/** The sides are read at two moments, and a row again at a third. The predicate may change for the row in between. */
function movingPredicates(tables: RunSpec['tables']): RunNote[] {
  const moving = tables.flatMap((table) => {
    if (!('where' in table) || table.where === undefined) return [];
    const texts = typeof table.where === 'string' ? [table.where] : Object.values(table.where);
    const calls = new Set(texts.flatMap(movingCalls));
    return calls.size > 0 ? [`${table.name} (${[...calls].join(', ')})`] : [];
  });
  if (moving.length === 0) return [];
  const message = `The predicate selects other rows at each reading: ${listed(moving, TABLES_NAMED_MAX)}. A row that begins to match between two readings can look like a difference. Write a fixed time.`;
  return [{ code: 'MOVING_PREDICATE', message }];
}

/**
 * A row that moved in one round is confirmed when it does not change for the next delay. So every delay must be longer
 * than the lag.
 */
function shorterDelay(delaysMs: readonly number[] = []): RunNote[] {
  const place = delaysMs.findIndex((delay, i) => delaysMs.slice(0, i).some((earlier) => earlier > delay));
  if (place < 0) return [];
  const longest = Math.max(...delaysMs.slice(0, place));
  const message = `The recheck delay ${delaysMs[place]} ms is shorter than an earlier one (${longest} ms). Each delay must be longer than the lag of the target, or rows that replication has not brought yet are confirmed as different. Make no delay shorter than the one before.`;
  return [{ code: 'SHORTER_DELAY', message }];
}

function sameAllowed(allowSame: boolean): RunNote[] {
  if (!allowSame) return [];
  const message =
    'The spec allows a database to be compared with itself. If both connections lead to one database, nothing is proved.';
  return [{ code: 'SAME_DATABASE_ALLOWED', message }];
}
