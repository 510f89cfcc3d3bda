/**
 * The runs whose shards a process holds. A shard may read for minutes without a write, or wait for candidates or for a
 * budget; so the process asks the ledger what to do about its runs, all of them in one small read, and stops the work
 * of a run that is paused, cancelled or settled.
 */
import type { Clock } from '@rowparity/contracts';
import type { LedgerReadings, RunIntent } from '../ports/ledger.ts';

/** Between two questions. With the abort of a statement it keeps the reaction within two seconds. */
const ASK_MS = 1000;

/** Why the work on a shard was aborted: by the reason, its caller knows what to do with the job. */
export class RunStopped extends Error {
  override readonly name = 'RunStopped';
  readonly intent: Exclude<RunIntent, 'work'>;

  constructor(intent: Exclude<RunIntent, 'work'>) {
    super(intent === 'pause' ? 'the run is paused' : 'the run was cancelled or is settled');
    this.intent = intent;
  }
}

export interface HeldRunsDeps {
  readonly ledger: Pick<LedgerReadings, 'runIntents'>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** The ledger did not answer; it is asked again. */
  onError(error: unknown): void;
}

interface HeldRun {
  shards: number;
  /** One for all shards that are held now; the next shards after a stop get another one. */
  readonly stop: AbortController;
}

export class HeldRuns {
  readonly #deps: HeldRunsDeps;
  readonly #held = new Map<string, HeldRun>();
  #asking: Promise<void> | undefined;

  constructor(deps: HeldRunsDeps) {
    this.#deps = deps;
  }

  /** Works on a shard of the run under a signal that also aborts with a `RunStopped`. */
  async whileWanted<T>(
    runId: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const run = this.#enter(runId);
    try {
      return await work(AbortSignal.any([signal, run.stop.signal]));
    } finally {
      run.shards -= 1;
      if (run.shards === 0 && this.#held.get(runId) === run) this.#held.delete(runId);
    }
  }

  #enter(runId: string): HeldRun {
    const run = this.#held.get(runId) ?? { shards: 0, stop: new AbortController() };
    run.shards += 1;
    this.#held.set(runId, run);
    this.#asking ??= this.#askRepeatedly().finally(() => {
      this.#asking = undefined;
    });
    return run;
  }

  async #askRepeatedly(): Promise<void> {
    const { clock } = this.#deps;
    const never = new AbortController().signal;
    while (this.#held.size > 0) {
      await clock.sleep(ASK_MS, never);
      if (this.#held.size > 0) await this.#ask().catch((error: unknown) => this.#deps.onError(error));
    }
  }

  async #ask(): Promise<void> {
    const asked = [...this.#held];
    const intents = await this.#deps.ledger.runIntents(asked.map(([runId]) => runId));
    for (const [place, [runId, run]] of asked.entries()) {
      const intent = intents[place] ?? 'work';
      if (intent === 'work') continue;
      if (this.#held.get(runId) === run) this.#held.delete(runId);
      run.stop.abort(new RunStopped(intent));
    }
  }
}
