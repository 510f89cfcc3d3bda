/** Waiting for something no longer than a call's signal and deadline allow. The thing itself goes on. */
import { DeadlineExceeded } from '../messages/message.ts';
import type { CallOptions } from '../messages/producer.ts';
import type { Timers } from './timers.ts';

/** `abandon` runs when the waiting ended first. */
export async function withinLimits<T>(
  awaited: Promise<T>,
  { signal, deadlineMs }: CallOptions,
  { timers, abandon }: { readonly timers: Timers; readonly abandon?: (reason: unknown) => void },
): Promise<T> {
  if (!signal && deadlineMs === undefined) return awaited;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (reason: unknown): void => {
    abandon?.(reason);
    reject(reason);
  };
  const onAbort = (): void => end(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  const callOff =
    deadlineMs === undefined
      ? undefined
      : timers.after(deadlineMs, () => end(new DeadlineExceeded(deadlineMs)));
  try {
    return await Promise.race([awaited, ended]);
  } finally {
    callOff?.();
    signal?.removeEventListener('abort', onAbort);
  }
}
