/** A clock that moves only when code sleeps on it, so tests of delays take no time. */
import type { Clock } from '@rowparity/contracts';

export class ManualClock implements Clock {
  #nowMs = 1_700_000_000_000;
  #steadyMs = 0;
  /** Called at every sleep: a test changes rows here. */
  onSleep: (() => void) | undefined;

  now(): number {
    return this.#nowMs;
  }

  steadyNow(): number {
    return this.#steadyMs;
  }

  /** Moves the time forward without a sleep. */
  advance(ms: number): void {
    this.#nowMs += ms;
    this.#steadyMs += ms;
  }

  /** Sets the wall clock. The steady clock does not move. */
  jump(ms: number): void {
    this.#nowMs += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#nowMs += ms;
    this.#steadyMs += ms;
    this.onSleep?.();
    signal.throwIfAborted();
  }
}
