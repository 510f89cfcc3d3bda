/** Runs in the Redis ledger: created once, settled once. */
import { LEDGER_VERSION } from '@rowparity/contracts';
import { canonicalJson, isSameSpec, isUnreadable, type RunStore, type SettleInput } from '@rowparity/core';
import type { LedgerStore } from './ledgerStore.ts';
import { openRunIds } from './openRunIds.ts';
import { readRun } from './runLists.ts';
import { decodeRun, fieldsOf } from './runRecords.ts';

export function runsOf(store: LedgerStore): RunStore {
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

    openRuns,

    async settle(runId, end) {
      const [kind] = await run('settle', store.keysOf(runId), settleArgs(store, runId, end));
      return kind === 'settled';
    },

    async requestCancel(runId) {
      const [kind] = await run('requestCancel', store.keysOf(runId), []);
      return kind === 'cancelled';
    },

    async deleteRun(runId) {
      const unreadable = await isRunUnreadable(store, runId);
      const [kind] = await run('deleteRun', store.keysOf(runId), [runId, unreadable ? 'unreadable' : '']);
      return kind === 'deleted' || kind === 'open' ? kind : 'unknown';
    },
  };
}

async function isRunUnreadable(store: LedgerStore, runId: string): Promise<boolean> {
  try {
    await readRun(store, runId);
    return false;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return true;
  }
}

export function settleArgs(
  store: LedgerStore,
  runId: string,
  { verdict, failure, now, basis }: SettleInput,
): readonly (string | number)[] {
  const texts = {
    failure: failure ? JSON.stringify(failure) : '',
    tables: basis ? JSON.stringify(basis.tables) : '',
  };
  const end = [verdict, texts.failure, now, store.nameWrite(), store.settledKeptMs];
  return [runId, ...end, texts.tables, basis?.doneShards ?? ''];
}
