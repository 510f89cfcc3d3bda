/** Reading the records of one run. Each throws RUN_UNREADABLE when what it reads is damaged. */
import {
  type RunHeader,
  type RunPlan,
  type RunRemarks,
  type RunSpec,
  type RunState,
  runPlan,
  runRemarks,
  runSpec,
} from '@rowparity/contracts';
import { intentOf, type RunIntent } from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { decodeHeader, HEADER, jsonOrNull, keyText, readable } from './records.ts';

const ONE_HEADER = `SELECT ${HEADER} FROM runs WHERE runId = :runId`;

export function readHeader(store: LedgerStore, runId: string): RunHeader | undefined {
  const row = store.first(ONE_HEADER, { runId });
  return row && decodeHeader(row);
}

/** What decides which calls a run takes, from the columns of its row. */
export function standingOf(row: Row): Pick<RunHeader, 'state' | 'cancelRequested' | 'pausedAt'> {
  return {
    state: row.state as RunState,
    cancelRequested: row.cancelRequested === 1,
    pausedAt: row.pausedAt === null ? null : Number(row.pausedAt),
  };
}

export function readIntent(store: LedgerStore, runId: string): RunIntent {
  const row = store.first('SELECT state, cancelRequested, pausedAt FROM runs WHERE runId = :runId', {
    runId,
  });
  return intentOf(row && standingOf(row));
}

export function readSpec(store: LedgerStore, runId: string): RunSpec | undefined {
  const row = store.first('SELECT spec FROM runs WHERE runId = :runId', { runId });
  return row && readable(runId, () => runSpec.parse(jsonOrNull(row.spec)));
}

export function readPlan(store: LedgerStore, runId: string, name: string): RunPlan | undefined {
  const row = store.first('SELECT plan FROM plans WHERE runId = :runId AND name = :name', { runId, name });
  return row && readable(runId, () => runPlan.parse(jsonOrNull(row.plan)));
}

export function readTrace(store: LedgerStore, runId: string): string | undefined {
  const row = store.first('SELECT traceparent FROM runs WHERE runId = :runId', { runId });
  return keyText(row?.traceparent) ?? undefined;
}

export function readRemarks(store: LedgerStore, runId: string): RunRemarks {
  const row = store.first('SELECT unstable, changed FROM runs WHERE runId = :runId', { runId });
  return readable(runId, () =>
    runRemarks.parse({
      unstable: jsonOrNull(row?.unstable) ?? [],
      changed: jsonOrNull(row?.changed) ?? [],
    }),
  );
}
