/** Runs in the Redis ledger: created once, settled once, listed by age. */
import { type Failure, Fault, LEDGER_VERSION, type Verdict } from '@rowparity/contracts';
import { canonicalJson, type Ledger, type VerdictBasis } from '@rowparity/core';
import type { LedgerStore } from './ledgerStore.ts';
import { openRunIds } from './openRunIds.ts';
import { listHeads, listRuns, readHead, readRun } from './runLists.ts';
import { decodeRun, fieldsOf, isSameSpec } from './runRecords.ts';

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

export function runsOf(store: LedgerStore): Runs {
  const { run } = store;
  const openRuns = openRunIds(store);
  return {
    async createRun(spec, now) {
      const args = [spec.runId, canonicalJson(spec), now, LEDGER_VERSION];
      const [kind, fields] = await run('createRun', store.keysOf(spec.runId), args);
      if (kind === 'created') return { kind: 'created' };
      const found = decodeRun(spec.runId, fieldsOf(fields as readonly unknown[]));
      return { kind: isSameSpec(found.spec, spec) ? 'same' : 'different', run: found };
    },

    getRun: (runId) => readRun(store, runId),
    getHead: (runId) => readHead(store, runId),
    listRuns: (limit) => listRuns(store, limit),
    listHeads: (limit) => listHeads(store, limit),
    openRuns,

    async settle(runId, verdict, failure, now, basis) {
      const args = settleArgs(store, { runId, verdict, failure, now, basis });
      const [kind] = await run('settle', store.keysOf(runId), args);
      return kind === 'settled';
    },

    async requestCancel(runId) {
      const [kind] = await run('requestCancel', store.keysOf(runId), []);
      return kind === 'cancelled';
    },

    async deleteRun(runId) {
      const unreadable = await isUnreadable(store, runId);
      const [kind] = await run('deleteRun', store.keysOf(runId), [runId, unreadable ? 'unreadable' : '']);
      return kind === 'deleted' || kind === 'open' ? kind : 'unknown';
    },
  };
}

async function isUnreadable(store: LedgerStore, runId: string): Promise<boolean> {
  try {
    await readRun(store, runId);
    return false;
  } catch (error) {
    if (error instanceof Fault && error.code === 'RUN_UNREADABLE') return true;
    throw error;
  }
}

export function settleArgs(
  store: LedgerStore,
  of: {
    readonly runId: string;
    readonly verdict: Verdict;
    readonly failure: Failure | null;
    readonly now: number;
    /** Left out, the record's tables stay, and whatever is done is done. */
    readonly basis?: VerdictBasis | undefined;
  },
): readonly (string | number)[] {
  const { runId, verdict, failure, now, basis } = of;
  const texts = {
    failure: failure ? JSON.stringify(failure) : '',
    tables: basis ? JSON.stringify(basis.tables) : '',
  };
  const end = [verdict, texts.failure, now, store.nameWrite(), store.settledKeptMs];
  return [runId, ...end, texts.tables, basis?.doneShards ?? ''];
}
