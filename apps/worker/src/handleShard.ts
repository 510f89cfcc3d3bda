/** One shard job: hands it to core with this process's databases, and says in the log how it ended. */
import { failureOf, type ShardJob } from '@rowparity/contracts';
import {
  type EndHopelessDeps,
  endHopelessRun,
  type ShardHolds,
  type ShardWorkDeps,
  workShard,
} from '@rowparity/core';
import type { Log } from '@rowparity/runtime';

export interface HandlerDeps extends ShardWorkDeps {
  readonly ledger: ShardHolds & EndHopelessDeps['ledger'];
  readonly log: Log;
  onEnd(outcome: string): void;
}

export async function handleShard(
  { runId, generation, shard }: ShardJob,
  signal: AbortSignal,
  deps: HandlerDeps,
): Promise<'done' | 'released'> {
  const { log, clock } = deps;
  const startedAtMs = clock.steadyNow();
  const end = await workShard({ runId, generation, shard }, deps, signal);
  switch (end.kind) {
    case 'left':
      if (end.cause === undefined) log.debug({ runId, shard }, 'nothing to do');
      else log.warn({ runId, shard, err: end.cause }, 'a fault ended an attempt that another one replaced');
      return 'done';
    case 'released':
      log.info({ runId, shard, reason: String(signal.reason) }, 'handed back');
      return 'released';
    case 'ended':
      deps.onEnd(end.outcome);
      if (end.cause !== undefined) {
        log.error({ runId, shard, code: failureOf(end.cause).code, err: end.cause }, 'shard inconclusive');
        if (await endHopelessRun(runId, end.cause, deps)) log.info({ runId }, 'the run was ended');
      }
      log.info(
        { runId, shard, outcome: end.outcome, ms: Math.round(clock.steadyNow() - startedAtMs) },
        'shard done',
      );
      return 'done';
  }
}
