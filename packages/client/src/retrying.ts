/** Tries again what failed transiently, with growing rests, until a deadline. Nothing that is final is tried twice. */
import { setTimeout as rest } from 'node:timers/promises';

const REST_MS_FIRST = 200;
const REST_MS_MAX = 10_000;
const GROWTH = 2;
/** Clients that failed together must not come back together: a rest is between half and all of its length. */
const SURE_SHARE = 0.5;

export interface Transient {
  readonly kind: 'transient';
  readonly error: Error;
  /** The service told when to ask again. */
  readonly restMs?: number;
}
export type Attempted<T> = { readonly kind: 'done'; readonly value: T } | Transient;

export interface RetryOptions {
  /** For all attempts and rests together. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of a fault before the rest that follows it. */
  readonly onTransient?: ((error: never) => void) | undefined;
}

/**
 * `attempt` gets its number from 1 and the time that is left; it throws what is final. Throws the error of the last
 * attempt at the deadline, and the reason of the signal when that aborts.
 */
export async function retrying<T>(
  attempt: (number: number, leftMs: number) => Promise<Attempted<T>>,
  { deadlineMs, signal, onTransient }: RetryOptions,
): Promise<T> {
  const endMs = performance.now() + deadlineMs;
  for (let number = 1; ; number += 1) {
    signal?.throwIfAborted();
    const attempted = await attempt(number, Math.max(1, Math.ceil(endMs - performance.now())));
    if (attempted.kind === 'done') return attempted.value;
    signal?.throwIfAborted();
    const restMs = attempted.restMs ?? restBefore(number + 1);
    if (performance.now() + restMs >= endMs) throw attempted.error;
    onTransient?.(attempted.error as never);
    await restFor(restMs, signal);
  }
}

function restBefore(number: number): number {
  const longest = Math.min(REST_MS_MAX, REST_MS_FIRST * GROWTH ** (number - 2));
  return longest * (SURE_SHARE + (1 - SURE_SHARE) * Math.random());
}

/** Rejects with the reason of the signal. */
export async function restFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await rest(ms, undefined, signal && { signal }).catch((error: unknown) => {
    signal?.throwIfAborted();
    throw error;
  });
}
