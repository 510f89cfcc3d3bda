/** What was read a moment ago is good enough for all who ask: one question for many candidates. */
import type { Clock } from '@rowparity/contracts';

/** Replicas that catch up do so in such steps. */
const FRESH_MS = 100;

export class Fresh<T> {
  readonly #clock: Pick<Clock, 'steadyNow'>;
  readonly #ask: (signal: AbortSignal) => Promise<T>;
  #last: { readonly value: T; readonly atMs: number } | undefined;

  constructor(clock: Pick<Clock, 'steadyNow'>, ask: (signal: AbortSignal) => Promise<T>) {
    this.#clock = clock;
    this.#ask = ask;
  }

  async read(signal: AbortSignal): Promise<T> {
    const atMs = this.#clock.steadyNow();
    if (!this.#last || atMs - this.#last.atMs > FRESH_MS)
      this.#last = { value: await this.#ask(signal), atMs };
    return this.#last.value;
  }
}
