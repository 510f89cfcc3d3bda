/** Runs: created once, settled once. */
import { directionOf, type RunSpec } from '@rowparity/contracts';
import { isSameSpec, isUnreadable, type RunStore } from '@rowparity/core';
import type { LedgerStore } from './ledgerStore.ts';
import { END_PAUSE, pausesOf } from './pauses.ts';
import { encodeJson } from './records.ts';
import { readHeader, readPlan, readRemarks, readSpec } from './runReads.ts';
import { RECORDS_OF_PLAN } from './schema.ts';
import { ALL_TABLES } from './totals.ts';

const DONE_SHARDS = `(SELECT COALESCE(SUM(match + differs + inconclusive), 0) FROM totals
  WHERE totals.runId = :runId AND tableIndex = ${ALL_TABLES})`;
const ALL_SHARDS = '(SELECT COUNT(*) FROM shards WHERE shards.runId = :runId)';

export function runsOf(store: LedgerStore): RunStore {
  return {
    ...pausesOf(store),

    async createRun(spec, now, { generation = 1, traceparent } = {}) {
      return store.atomically(() => {
        const { runId, shard } = spec;
        const run = readHeader(store, runId);
        if (run) {
          const known = readSpec(store, runId) as RunSpec;
          const isSame = isSameSpec(known, spec) && run.generation === generation;
          return { kind: isSame ? 'same' : 'different', run };
        }
        store.write(
          `INSERT INTO runs (runId, generation, state, direction, window, createdAt, spec, traceparent)
           VALUES (:runId, :generation, 'accepted', :direction, :window, :now, :spec, :traceparent)`,
          {
            ...{ runId, generation, direction: directionOf(spec), window: shard.window, now },
            ...{ spec: JSON.stringify(spec), traceparent: traceparent ?? null },
          },
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
           ${END_PAUSE}, changed = :changed
         WHERE runId = :runId AND state <> 'settled' AND (:done = -1 OR (:done = ${DONE_SHARDS} AND :done = ${ALL_SHARDS}))`,
        {
          ...{ runId, verdict, failure: encodeJson(failure), now },
          changed: encodeJson(basis?.changed ?? null),
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
        const row = store.first('SELECT state FROM runs WHERE runId = :runId', { runId });
        if (!row) return 'unknown';
        if (row.state !== 'settled' && isReadable(store, runId)) return 'open';
        for (const table of [...RECORDS_OF_PLAN, 'runs']) {
          store.write(`DELETE FROM ${table} WHERE runId = :runId`, { runId });
        }
        return 'deleted';
      });
    },
  };
}

/** All of its records. */
function isReadable(store: LedgerStore, runId: string): boolean {
  try {
    const header = readHeader(store, runId);
    readSpec(store, runId);
    if (header?.planName != null) readPlan(store, runId, header.planName);
    readRemarks(store, runId);
    return true;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return false;
  }
}
