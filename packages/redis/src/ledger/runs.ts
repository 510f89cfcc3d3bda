/** Runs in the Redis ledger: created once, settled once. */
import { directionOf, LEDGER_VERSION } from '@rowparity/contracts';
import { canonicalJson, isSameSpec, isUnreadable, type RunStore, type SettleInput } from '@rowparity/core';
import type { LedgerStore } from './ledgerStore.ts';
import { openRunIds } from './openRunIds.ts';
import { readHeader, readPlan, readRemarks, readSpec } from './runLists.ts';
import { decodeHeader, decodeSpec, fieldsOf } from './runRecords.ts';

export function runsOf(store: LedgerStore): RunStore {
  const { run } = store;
  const openRuns = openRunIds(store);
  return {
    async createRun(spec, now, { generation = 1, traceparent = '' } = {}) {
      const { runId } = spec;
      const aim = [generation, directionOf(spec), spec.shard.window];
      const args = [runId, canonicalJson(spec), now, LEDGER_VERSION, ...aim, traceparent];
      const [kind, flat] = await run('createRun', store.keysOf(runId), args);
      if (kind === 'created') return { kind: 'created' };
      const fields = fieldsOf(flat as readonly unknown[]);
      const found = decodeHeader(runId, fields);
      const isSame = isSameSpec(decodeSpec(runId, fields.spec), spec) && found.generation === generation;
      return { kind: isSame ? 'same' : 'different', run: found };
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

    async pause(runId, now) {
      const [kind] = await run('pause', store.keysOf(runId), [now]);
      return kind === 'paused';
    },

    async resume(runId, now) {
      const [kind] = await run('resume', store.keysOf(runId), [now]);
      return kind === 'resumed';
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
    const header = await readHeader(store, runId);
    await readSpec(store, runId);
    await readRemarks(store, runId);
    if (header?.planName != null) await readPlan(store, runId, header.planName);
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
    changed: basis && basis.changed.length > 0 ? JSON.stringify(basis.changed) : '',
  };
  const end = [verdict, texts.failure, now, store.nameWrite(), store.settledKeptMs];
  return [runId, ...end, texts.changed, basis?.doneShards ?? ''];
}
