/**
 * What is known of the link that one account's sessions go over. It is measured once, and again after a while when a
 * session is opened while the process has no other one in use: they would share the link, and be measured with it.
 */
import type { CompressionChoice } from './compressionChoice.ts';

/** Links change seldom, and a measurement costs some round trips. */
const FRESH_MS = 60_000;

export class LinkWatch {
  /** Called with each new choice that differs from the one before. */
  onChoice: ((choice: CompressionChoice) => void) | undefined;
  readonly #now: () => number;
  #choice: CompressionChoice | undefined;
  #measuredAtMs = 0;
  #measuring: Promise<unknown> | undefined;

  /** `now`: steady, in milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** What was chosen last; undefined before that. */
  get choice(): CompressionChoice | undefined {
    return this.#choice;
  }

  /**
   * Opens a session by the choice that is known, or by `measure`, which chooses and opens. One measures at a time, and
   * the others wait for its choice.
   */
  async open<T>(
    ways: {
      byChoice(choice: CompressionChoice): Promise<T>;
      measure(choose: (choice: CompressionChoice) => void): Promise<T>;
    },
    isAlone: boolean,
  ): Promise<T> {
    for (;;) {
      const known = this.#known(isAlone);
      if (known) return ways.byChoice(known);
      if (!this.#measuring) break;
      await this.#measuring;
    }
    const opening = ways.measure((choice) => this.#choose(choice));
    const measuring = opening.then(
      () => undefined,
      // The opener has it; the next one that waits measures.
      () => undefined,
    );
    this.#measuring = measuring;
    try {
      return await opening;
    } finally {
      this.#measuring = undefined;
    }
  }

  #known(isAlone: boolean): CompressionChoice | undefined {
    const isOld = this.#now() - this.#measuredAtMs >= FRESH_MS;
    return isOld && isAlone ? undefined : this.#choice;
  }

  #choose(choice: CompressionChoice): void {
    const isNew = choice.use !== this.#choice?.use;
    this.#choice = choice;
    this.#measuredAtMs = this.#now();
    if (isNew) this.onChoice?.(choice);
  }
}
