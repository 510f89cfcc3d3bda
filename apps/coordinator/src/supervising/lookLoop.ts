/** Looks again and again until it is stopped. A look that throws is told, and the next one follows. */
import type { Clock } from '@rowparity/contracts';

export interface LookLoopOptions {
  readonly clock: Pick<Clock, 'sleep'>;
  /** Between the end of a look and the next one. */
  readonly pauseMs: number;
  look(signal: AbortSignal): Promise<void>;
  onFault(error: unknown): void;
}

export class LookLoop {
  readonly #options: LookLoopOptions;
  readonly #stop = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(options: LookLoopOptions) {
    this.#options = options;
  }

  /** Aborted once the loop is to stop. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Resolves when the look that was under way has ended. */
  async stop(): Promise<void> {
    this.#stop.abort(new Error('The coordinator is stopping.'));
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { clock, pauseMs, look, onFault } = this.#options;
    while (!this.signal.aborted) {
      await look(this.signal).catch(onFault);
      await clock.sleep(pauseMs, this.signal).catch(() => undefined);
    }
  }
}
