/** Something beside the report that is loaded again when its grounds have changed, and not too often. */

export interface RefreshedInput {
  readonly restMs: number;
  load(signal: AbortSignal): Promise<void>;
  onFault(error: Error): void;
}

export class Refreshed {
  readonly #input: RefreshedInput;
  readonly #stopped = new AbortController();
  #grounds: string | undefined;
  #isLoading = false;
  #restUntil = 0;

  constructor(input: RefreshedInput) {
    this.#input = input;
  }

  /** Loads when these are not the grounds of the last time. What comes too early is for the next call. */
  want(grounds: string, now: number): void {
    if (this.#isLoading || grounds === this.#grounds || now < this.#restUntil) return;
    this.#isLoading = true;
    this.#input
      .load(this.#stopped.signal)
      .then(
        () => {
          this.#grounds = grounds;
        },
        (error: Error) => {
          if (!this.#stopped.signal.aborted) this.#input.onFault(error);
        },
      )
      .finally(() => {
        this.#isLoading = false;
        this.#restUntil = now + this.#input.restMs;
      });
  }

  stop(): void {
    this.#stopped.abort();
  }
}
