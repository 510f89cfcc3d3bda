/** Time that stands still until a test moves it on. */
import type { Clock } from '@rowparity/contracts';

interface Sleep {
  readonly untilMs: number;
  readonly wake: () => void;
}

export class SteppedClock implements Clock {
  readonly #sleeps = new Set<Sleep>();
  #nowMs = 0;

  now(): number {
    return this.#nowMs;
  }

  steadyNow(): number {
    return this.#nowMs;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleep = { untilMs: this.#nowMs + ms, wake: resolve };
    this.#sleeps.add(sleep);
    const onAbort = () => {
      this.#sleeps.delete(sleep);
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    await promise;
    signal.removeEventListener('abort', onAbort);
  }

  /** Moves on, waking what is due in order, and lets promises settle after each. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    for (;;) {
      await settle();
      const due = [...this.#sleeps].filter(({ untilMs }) => untilMs <= endMs);
      const [next] = due.sort((a, b) => a.untilMs - b.untilMs);
      if (!next) break;
      this.#sleeps.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.untilMs);
      next.wake();
    }
    this.#nowMs = endMs;
    await settle();
  }
}

/** Every promise that can settle without time or I/O has settled. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
