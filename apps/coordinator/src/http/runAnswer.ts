/** The coordinator's answer about a run: its state. The reporter has what the run found. */
import { type RunHeader, specNotes } from '@rowparity/contracts';
import type { WholeRun } from '@rowparity/core';

/** Of its header alone: a list of runs reads no plan. */
export function runAnswer(run: RunHeader) {
  const { runId, generation, direction, state, verdict, failure, cancelRequested } = run;
  const paused = run.pausedAt !== null;
  const { tableCount, shards, createdAt, plannedAt, settledAt } = run;
  return {
    ...{ runId, generation, direction, state, verdict, failure, cancelRequested, paused, tableCount, shards },
    ...{ createdAt, plannedAt, settledAt },
  };
}

export function wholeRunAnswer(run: WholeRun) {
  return {
    ...runAnswer(run),
    tables: run.tables.map(({ name, refusal, shards }) => ({ name, refusal, shards })),
    /** Of the spec: allowed, and most likely not what was meant. */
    notes: specNotes(run.spec),
  };
}
