/** What a migration needs next, decided by its record and its newest run alone. Pure. */
import type { MigrationRecord, RunHeader } from '@rowparity/contracts';

export type MigrationStep =
  /** A run is under way, or none is due. */
  | { readonly kind: 'wait' }
  /** The run of this number is to begin. */
  | { readonly kind: 'begin'; readonly number: number };

/** `newest` is undefined where there was no run, or its record is gone: then nothing of it is under way. */
export function nextMigrationStep(
  migration: MigrationRecord,
  newest: Pick<RunHeader, 'state' | 'settledAt'> | undefined,
  now: number,
): MigrationStep {
  const { runs, ordered, begunAt, definition } = migration;
  if (newest && newest.state !== 'settled') return { kind: 'wait' };
  const begin = { kind: 'begin', number: runs + 1 } as const;
  if (ordered !== null && ordered > runs) return begin;
  const { everyMs } = definition.schedule;
  if (everyMs === null) return { kind: 'wait' };
  const lastAt = newest?.settledAt ?? begunAt;
  return lastAt === null || now - lastAt >= everyMs ? begin : { kind: 'wait' };
}
