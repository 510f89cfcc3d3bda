/** Waiting for something no longer than a call's signal and deadline allow. The thing itself goes on. */
import type { Clock } from '@rowparity/contracts';
import { DeadlineExceeded } from '../messages/message.ts';
import type { CallOptions } from '../messages/producer.ts';

export type Sleeper = Pick<Clock, 'sleep'>;

/** `abandon` runs when the waiting ended first. */
export async function withinLimits<T>(
  awaited: Promise<T>,
  { signal, deadlineMs }: CallOptions,
  { clock, abandon }: { readonly clock: Sleeper; readonly abandon?: (reason: unknown) => void },
): Promise<T> {
  if (!signal && deadlineMs === undefined) return awaited;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const answered = new AbortController();
  const end = (reason: unknown): void => {
    if (answered.signal.aborted) return;
    abandon?.(reason);
    reject(reason);
  };
  const onAbort = (): void => end(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  if (deadlineMs !== undefined) {
    clock.sleep(deadlineMs, answered.signal).then(
      () => end(new DeadlineExceeded(deadlineMs)),
      () => undefined,
    );
  }
  try {
    return await Promise.race([awaited, ended]);
  } finally {
    answered.abort();
    signal?.removeEventListener('abort', onAbort);
  }
}
