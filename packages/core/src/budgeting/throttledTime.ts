/**
 * The time that a shard waits for a budget. Waiting is no slowness: sizes of streams, the splitting of slow shards and
 * the liveness of a worker leave it out.
 */
import type { Clock } from '@rowparity/contracts';

export class ThrottledTime {
  readonly #clock: Pick<Clock, 'steadyNow'>;
  #waiting = 0;
  #sinceMs = 0;
  #totalMs = 0;

  constructor(clock: Pick<Clock, 'steadyNow'>) {
    this.#clock = clock;
  }

  /** Both sides may wait at once; that time counts once. */
  begin(): void {
    if (this.#waiting === 0) this.#sinceMs = this.#clock.steadyNow();
    this.#waiting += 1;
  }

  end(): void {
    this.#waiting -= 1;
    if (this.#waiting === 0) this.#totalMs += this.#clock.steadyNow() - this.#sinceMs;
  }

  get ms(): number {
    return this.#totalMs + (this.#waiting > 0 ? this.#clock.steadyNow() - this.#sinceMs : 0);
  }
}
