/** Does a step again after a transient fault. Never about data: a difference is rechecked, not retried. */
import { type Clock, Fault, isTransient } from '@rowparity/contracts';

export interface RetryPolicy {
  /** Tries in all, the first one included. */
  readonly tries: number;
  readonly firstDelayMs: number;
  readonly delayMsMax: number;
  /** Tries of a statement that exceeded its time limit. The next try is the same statement: it may wait for a lock. */
  readonly timeoutTries?: number;
}

/** About a minute in all: longer than a server's restart or a failover takes. */
export const STEP_RETRY: RetryPolicy = { tries: 9, firstDelayMs: 250, delayMsMax: 15_000 };

/** About eight seconds: a person waits for a plan, and a coordinator that found no server says so. */
export const PLAN_RETRY: RetryPolicy = { tries: 6, firstDelayMs: 250, delayMsMax: 4000, timeoutTries: 2 };

export async function withRetry<T>(
  step: () => Promise<T>,
  options: { readonly policy: RetryPolicy; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<T> {
  const { policy, clock, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await step();
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (!isTransient(error) || attempt >= triesFor(error, policy)) throw error;
      await clock.sleep(Math.min(policy.firstDelayMs * 2 ** (attempt - 1), policy.delayMsMax), signal);
    }
  }
}

function triesFor(error: unknown, { tries, timeoutTries = tries }: RetryPolicy): number {
  if (!(error instanceof Fault)) return tries;
  // The statement has waited already, so the next try needs no delay.
  if (error.place === 'process') return 1;
  return error.code === 'STATEMENT_TIMEOUT' ? timeoutTries : tries;
}
