/** What the coordinator says of a run: where it stands, not what it found; the reporter knows that. */
import { directionOf, type RunRecord, specNotes } from '@rowparity/contracts';

export function runAnswer(run: RunRecord) {
  const { runId, state, verdict, failure, cancelRequested, shards, createdAt, plannedAt, settledAt } = run;
  return {
    runId,
    direction: directionOf(run.spec),
    state,
    verdict,
    failure,
    cancelRequested,
    shards,
    tables: run.tables.map(({ name, refusal, shards: count }) => ({ name, refusal, shards: count })),
    /** Of the spec: allowed, and most likely not what was meant. */
    notes: specNotes(run.spec),
    createdAt,
    plannedAt,
    settledAt,
  };
}
