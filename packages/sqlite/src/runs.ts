/** Runs: created once, settled once. */
import { isSameSpec, isUnreadable, type RunStore } from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { decodeRun, encodeJson } from './records.ts';

const DONE_SHARDS =
  '(SELECT COALESCE(SUM(match + differs + inconclusive), 0) FROM totals WHERE totals.runId = :runId)';
const ALL_SHARDS = '(SELECT COUNT(*) FROM shards WHERE shards.runId = :runId)';
const ONE = 'SELECT * FROM runs WHERE runId = :runId';

export function runsOf(store: LedgerStore): RunStore {
  return {
    async createRun(spec, now) {
      return store.atomically(() => {
        const row = store.first(ONE, { runId: spec.runId });
        if (row) {
          const run = decodeRun(row);
          return { kind: isSameSpec(run.spec, spec) ? 'same' : 'different', run };
        }
        store.write(
          `INSERT INTO runs (runId, spec, state, createdAt) VALUES (:runId, :spec, 'accepted', :now)`,
          { runId: spec.runId, spec: JSON.stringify(spec), now },
        );
        return { kind: 'created' };
      });
    },

    async openRuns() {
      return store
        .all(`SELECT runId FROM runs WHERE state <> 'settled'`, {})
        .map(({ runId }) => String(runId));
    },

    async settle(runId, { verdict, failure, now, basis }) {
      const settled = store.write(
        `UPDATE runs SET state = 'settled', verdict = :verdict, failure = :failure, settledAt = :now,
           tables = COALESCE(:tables, tables)
         WHERE runId = :runId AND state <> 'settled' AND (:done = -1 OR (:done = ${DONE_SHARDS} AND :done = ${ALL_SHARDS}))`,
        {
          ...{ runId, verdict, failure: encodeJson(failure), now },
          tables: encodeJson(basis?.tables ?? null),
          done: basis?.doneShards ?? -1,
        },
      );
      return settled === 1;
    },

    async requestCancel(runId) {
      const cancelled = store.write(
        `UPDATE runs SET cancelRequested = 1 WHERE runId = :runId AND state <> 'settled'`,
        { runId },
      );
      return cancelled === 1;
    },

    async deleteRun(runId) {
      return store.atomically(() => {
        const row = store.first(ONE, { runId });
        if (!row) return 'unknown';
        if (isReadable(row) && row.state !== 'settled') return 'open';
        for (const table of ['shards', 'openShards', 'totals', 'failures', 'runs']) {
          store.write(`DELETE FROM ${table} WHERE runId = :runId`, { runId });
        }
        return 'deleted';
      });
    },
  };
}

function isReadable(row: Row): boolean {
  try {
    decodeRun(row);
    return true;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return false;
  }
}
