/** Runs: created once, settled once, listed by age. */
import { isDeepStrictEqual } from 'node:util';
import { Fault, type RunSpec, runSpec } from '@rowparity/contracts';
import type { Ledger, RunList, UnreadableRun } from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { decodeHead, decodeRun, encodeJson } from './records.ts';

type Runs = Pick<
  Ledger,
  | 'createRun'
  | 'getRun'
  | 'getHead'
  | 'listRuns'
  | 'listHeads'
  | 'openRuns'
  | 'settle'
  | 'requestCancel'
  | 'deleteRun'
>;

const DONE_SHARDS =
  '(SELECT COALESCE(SUM(match + differs + inconclusive), 0) FROM totals WHERE totals.runId = :runId)';
const ALL_SHARDS = '(SELECT COUNT(*) FROM shards WHERE shards.runId = :runId)';
const NEWEST = 'SELECT * FROM runs ORDER BY createdAt DESC, place DESC LIMIT :limit';
const ONE = 'SELECT * FROM runs WHERE runId = :runId';

export function runsOf(store: LedgerStore): Runs {
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

    async getRun(runId) {
      const row = store.first(ONE, { runId });
      return row && decodeRun(row);
    },

    async getHead(runId) {
      const row = store.first(ONE, { runId });
      return row && decodeHead(row);
    },

    listRuns: async (limit) => listed(store.all(NEWEST, { limit }), decodeRun),
    listHeads: async (limit) => listed(store.all(NEWEST, { limit }), decodeHead),

    async openRuns() {
      return store
        .all(`SELECT runId FROM runs WHERE state <> 'settled'`, {})
        .map(({ runId }) => String(runId));
    },

    async settle(runId, verdict, failure, now, basis) {
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

function listed<Run>(rows: readonly Row[], decode: (row: Row) => Run): RunList<Run> {
  const runs: Run[] = [];
  const unreadable: UnreadableRun[] = [];
  for (const row of rows) {
    try {
      runs.push(decode(row));
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'RUN_UNREADABLE') throw error;
      unreadable.push({ runId: String(row.runId), message: error.message });
    }
  }
  return { runs, unreadable };
}

function isReadable(row: Row): boolean {
  return listed([row], decodeRun).runs.length > 0;
}

/** Equal as specs: defaults filled in, members in any order. */
function isSameSpec(a: RunSpec, b: RunSpec): boolean {
  return isDeepStrictEqual(parsedAgain(a), parsedAgain(b));
}

function parsedAgain(spec: RunSpec): RunSpec {
  return runSpec.parse(JSON.parse(JSON.stringify(spec)));
}
