/** One shard job: hands it to core with this process's databases, and says in the log how it ended. */
import { failureOf, type ShardJob } from '@rowparity/contracts';
import {
  type EndHopelessDeps,
  endHopelessRun,
  type HeldRuns,
  RunStopped,
  type ShardWorkDeps,
  type Slot,
  type WorkEnd,
  workShard,
} from '@rowparity/core';
import type { Log } from '@rowparity/runtime';

export interface HandlerDeps extends ShardWorkDeps {
  readonly ledger: ShardWorkDeps['ledger'] & EndHopelessDeps['ledger'];
  /** One for all shards of the process. */
  readonly runs: HeldRuns;
  readonly log: Log;
  onEnd(outcome: string): void;
}

/** What a worker gives a job. */
export interface JobHold {
  readonly signal: AbortSignal;
  readonly slot?: Slot;
}

export async function handleShard(
  { runId, generation, shard }: ShardJob,
  { signal, slot }: JobHold,
  deps: HandlerDeps,
): Promise<'done' | 'released'> {
  const { log, clock } = deps;
  const startedAtMs = clock.steadyNow();
  let end: WorkEnd;
  let stopped: unknown;
  try {
    end = await deps.runs.whileWanted(runId, signal, async (either) => {
      const worked = await workShard({ runId, generation, shard }, { ...deps, slot }, either);
      stopped = either.reason;
      return worked;
    });
  } catch (error) {
    if (await hasEndedRun(runId, error, deps)) return 'done';
    throw error;
  }
  switch (end.kind) {
    case 'left':
      if (end.cause === undefined) log.debug({ runId, shard }, 'nothing to do');
      else log.warn({ runId, shard, err: end.cause }, 'a fault ended an attempt that another one replaced');
      return 'done';
    case 'released':
      log.info({ runId, shard, reason: String(stopped) }, 'handed back');
      // A job of a paused run comes to a claim once more: then it leaves the queue, or the run was resumed meanwhile.
      return stopped instanceof RunStopped && stopped.intent === 'stop' ? 'done' : 'released';
    case 'ended':
      deps.onEnd(end.outcome);
      if (end.cause !== undefined) {
        log.error({ runId, shard, code: failureOf(end.cause).code, err: end.cause }, 'shard inconclusive');
        await hasEndedRun(runId, end.cause, deps);
      }
      log.info(
        { runId, shard, outcome: end.outcome, ms: Math.round(clock.steadyNow() - startedAtMs) },
        'shard done',
      );
      return 'done';
  }
}

/** False: the run may still come to a result, or it is over already. */
async function hasEndedRun(runId: string, cause: unknown, deps: HandlerDeps): Promise<boolean> {
  const isEnded = await endHopelessRun(runId, cause, deps);
  if (isEnded) deps.log.info({ runId, code: failureOf(cause).code, err: cause }, 'the run was ended');
  return isEnded;
}
