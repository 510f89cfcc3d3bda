// Says what is going on and measures how long each part took.

export interface Phase {
  readonly name: string;
  readonly ms: number;
}

export class Phases {
  readonly done: Phase[] = [];
  readonly #signal: AbortSignal;

  /** An abort of the signal ends the wait for a phase, not its work: the caller takes that down. */
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  async run<T>(name: string, work: () => Promise<T>): Promise<T> {
    this.#signal.throwIfAborted();
    console.log(`\n▸ ${name}`);
    const begin = performance.now();
    const aborted = Promise.withResolvers<never>();
    const onAbort = () => aborted.reject(this.#signal.reason);
    this.#signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([work(), aborted.promise]);
    } finally {
      this.#signal.removeEventListener('abort', onAbort);
      this.done.push({ name, ms: Math.round(performance.now() - begin) });
    }
  }
}

export function say(line: string): void {
  console.log(`  ${line}`);
}
