/** One shard job: hands it to core with this process's databases, and says in the log how it ended. */
import { failureOf, type ShardJob } from '@rowparity/contracts';
import {
  type EndHopelessDeps,
  endHopelessRun,
  type ShardHolds,
  type ShardWorkParts,
  type WorkEnd,
  workShard,
} from '@rowparity/core';
import type { Log } from '@rowparity/runtime';

export interface HandlerParts extends ShardWorkParts {
  readonly ledger: ShardHolds & EndHopelessDeps['ledger'];
  readonly log: Log;
  onEnd(outcome: string): void;
}

export async function handleShard(
  { runId, generation, shard }: ShardJob,
  signal: AbortSignal,
  parts: HandlerParts,
): Promise<'done' | 'handBack'> {
  const { log, clock } = parts;
  const startedAtMs = clock.steadyNow();
  let end: WorkEnd;
  try {
    end = await workShard({ runId, generation, shard }, parts, signal);
  } catch (error) {
    if (await hasEndedRun(runId, error, parts)) return 'done';
    throw error;
  }
  switch (end.kind) {
    case 'left':
      if (end.cause === undefined) log.debug({ runId, shard }, 'nothing to do');
      else log.warn({ runId, shard, err: end.cause }, 'a fault ended an attempt that another one replaced');
      return 'done';
    case 'handedBack':
      log.info({ runId, shard, reason: String(signal.reason) }, 'handed back');
      return 'handBack';
    case 'ended':
      parts.onEnd(end.outcome);
      if (end.cause !== undefined) {
        log.error({ runId, shard, code: failureOf(end.cause).code, err: end.cause }, 'shard inconclusive');
        await hasEndedRun(runId, end.cause, parts);
      }
      log.info(
        { runId, shard, outcome: end.outcome, ms: Math.round(clock.steadyNow() - startedAtMs) },
        'shard done',
      );
      return 'done';
  }
}

/** False: the run may still come to a result, or it is over already. */
async function hasEndedRun(runId: string, cause: unknown, parts: HandlerParts): Promise<boolean> {
  const isEnded = await endHopelessRun(runId, cause, parts);
  if (isEnded) parts.log.info({ runId, code: failureOf(cause).code, err: cause }, 'the run was ended');
  return isEnded;
}
