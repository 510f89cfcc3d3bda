/**
 * One shard job, from claim to outcome. The ledger decides whether there is anything to do; a fault that retries
 * could not cure makes the shard inconclusive, never different and never equal (law 1).
 */
import { type ShardJob, zeroCounts } from '@rowparity/contracts';
import { failureOf, type Hold, type ShardEnd } from '@rowparity/core';
import { JobStopped } from '@rowparity/queue';
import { LedgerLost, orLedgerLost } from './ledgerLost.ts';
import { runShard, type ShardParts } from './runShard.ts';

/**
 * Attempts of one shard that may end without a commit before it is given up: far more than rollouts and lost
 * machines cause, and still an end for a shard that kills every worker.
 */
const STRIKES_MAX = 10;

export type JobEnd = 'done' | 'handBack';

export async function handleShard(job: ShardJob, signal: AbortSignal, parts: ShardParts): Promise<JobEnd> {
  const { ledger, clock, log } = parts;
  const startedAtMs = clock.now();
  const { runId, shard } = job;
  const claim = await ledger.claim({
    runId,
    shard,
    holder: parts.holder,
    strikesMax: STRIKES_MAX,
    now: startedAtMs,
  });
  if (claim.kind !== 'claimed') {
    log.debug({ runId, shard, claim: claim.kind }, 'nothing to do');
    return 'done';
  }
  const hold = { runId, shard, attempt: claim.shard.attempt };
  try {
    const end = await runShard(claim.shard, hold, parts, signal);
    if (end.kind === 'lost') return 'done';
    await finish(hold, end, parts);
    log.info({ ...hold, outcome: end.outcome, ms: clock.now() - startedAtMs }, 'shard done');
    return 'done';
  } catch (error) {
    return afterFault(error, hold, { signal, parts });
  }
}

async function afterFault(
  error: unknown,
  hold: Hold,
  { signal, parts }: { readonly signal: AbortSignal; readonly parts: ShardParts },
): Promise<JobEnd> {
  const { ledger, log } = parts;
  if (signal.reason instanceof JobStopped) {
    log.info({ ...hold, reason: signal.reason.kind }, 'let go');
    if (signal.reason.kind === 'lockLost') return 'done';
    await ledger.release(hold);
    return 'handBack';
  }
  // Without the ledger nothing can be said of the shard; the job is tried again and continues at the checkpoint.
  if (error instanceof LedgerLost) throw error.cause;
  const failure = failureOf(error);
  log.error({ ...hold, err: error, code: failure.code }, 'shard inconclusive');
  const committed = await ledger.getShard(hold.runId, hold.shard);
  const rest = { checkpoint: committed?.checkpoint ?? null, add: zeroCounts() };
  await finish(hold, { kind: 'ended', outcome: 'inconclusive', failure, rest }, parts);
  return 'done';
}

async function finish(
  hold: Hold,
  end: Extract<ShardEnd, { kind: 'ended' }>,
  parts: ShardParts,
): Promise<void> {
  const { outcome, failure, rest } = end;
  await orLedgerLost(parts.ledger.finish(hold, { ...rest, outcome, failure }, parts.clock.now()));
  parts.onEnd(outcome, rest.add);
}
