/** Pausing and resuming runs. */
import type { RunStore } from '@rowparity/core';
import type { LedgerStore } from './ledgerStore.ts';

/** What was paused before the plan was made counts for nothing. */
export const END_PAUSE = `pausedAt = NULL,
  pausedMs = pausedMs + COALESCE(MAX(0, :now - MAX(pausedAt, plannedAt)), 0)`;
const PAUSABLE = `runId = :runId AND state <> 'settled' AND cancelRequested = 0`;

export function pausesOf(store: LedgerStore): Pick<RunStore, 'pause' | 'resume'> {
  return {
    async pause(runId, now) {
      const sql = `UPDATE runs SET pausedAt = COALESCE(pausedAt, :now) WHERE ${PAUSABLE}`;
      return store.write(sql, { runId, now }) === 1;
    },

    async resume(runId, now) {
      return store.write(`UPDATE runs SET ${END_PAUSE} WHERE ${PAUSABLE}`, { runId, now }) === 1;
    },
  };
}
