/** Asks the reporter again and again for what a screen shows, until the screen is left. */
import { Refused, TokenNeeded } from './asking.ts';

const POLL_MS = 5000;
const OWN_FAULTS_FROM = 500;

export interface PollingInput {
  load(signal: AbortSignal): Promise<void>;
  /** In words for a person; the next question comes by itself. */
  onProblem(problem: string): void;
  onTokenNeeded(): void;
}

export class Polling {
  readonly #input: PollingInput;
  readonly #stopped = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Of the question that was asked last: it alone is followed by another one. */
  #number = 0;

  constructor(input: PollingInput) {
    this.#input = input;
  }

  /** Asks now, and then at intervals. */
  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    this.#number += 1;
    const number = this.#number;
    const { signal } = this.#stopped;
    try {
      await this.#input.load(signal);
    } catch (error) {
      if (signal.aborted) return;
      if (error instanceof TokenNeeded) return this.#input.onTokenNeeded();
      this.#input.onProblem(problemOf(error as Error));
    }
    if (!signal.aborted && number === this.#number) this.#timer = setTimeout(() => void this.ask(), POLL_MS);
  }

  stop(): void {
    this.#stopped.abort();
    clearTimeout(this.#timer);
  }
}

/** A refusal says itself what is wrong. */
function problemOf(error: Error): string {
  const isRefusal = error instanceof Refused && error.status < OWN_FAULTS_FROM;
  return isRefusal ? error.message : `The reporter does not answer; trying again. ${error.message}`;
}
