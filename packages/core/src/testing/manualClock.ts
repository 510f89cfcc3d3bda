/** A clock that moves only when code sleeps on it: tests of delays take no time. */
import type { Clock } from '@rowparity/contracts';

export class ManualClock implements Clock {
  #nowMs = 1_700_000_000_000;
  #steadyMs = 0;
  /** Called at every sleep: the world may change meanwhile. */
  onSleep: (() => void) | undefined;

  now(): number {
    return this.#nowMs;
  }

  steadyNow(): number {
    return this.#steadyMs;
  }

  /** Time goes by without anyone sleeping. */
  advance(ms: number): void {
    this.#nowMs += ms;
    this.#steadyMs += ms;
  }

  /** The wall clock is set: no time goes by. */
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
