/** A clock that moves only when somebody sleeps on it: tests of delays take no time. */
import type { Clock } from '../ports/clock.ts';

export class ManualClock implements Clock {
  #nowMs = 1_700_000_000_000;
  /** Called at every sleep: the world may change meanwhile. */
  onSleep: (() => void) | undefined;

  now(): number {
    return this.#nowMs;
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#nowMs += ms;
    this.onSleep?.();
    signal.throwIfAborted();
  }
}
