/**
 * The shards of one process run side by side, except a shard that may have killed its process before. That shard runs
 * alone, so that it cannot harm others. Shards enter in order of arrival; while one waits to be alone, later ones wait.
 */
export type Company = 'together' | 'alone';

interface Waiting {
  readonly company: Company;
  admit(): void;
}

export class Quarantine {
  readonly #waiting: Waiting[] = [];
  #inside = 0;
  #isAlone = false;

  /** Resolves with what must be called when the work is over; rejects with the signal's reason. */
  async enter(company: Company, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { company, admit: resolve };
    const onAbort = () => {
      const place = this.#waiting.indexOf(waiting);
      if (place < 0) return;
      this.#waiting.splice(place, 1);
      reject(signal.reason);
      this.#admit();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#waiting.push(waiting);
    this.#admit();
    try {
      await promise;
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
    return this.#leaving();
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next && this.#hasRoomFor(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#inside += 1;
      this.#isAlone = next.company === 'alone';
      next.admit();
    }
  }

  #hasRoomFor({ company }: Waiting): boolean {
    return company === 'alone' ? this.#inside === 0 : !this.#isAlone;
  }

  #leaving(): () => void {
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#inside -= 1;
      this.#isAlone = false;
      this.#admit();
    };
  }
}
