/** The span under which the attempts at a run's shards hang: read once a run, and remembered. */
import type { LedgerReadings } from '@rowparity/core';

/** A process works on few runs at one time. */
const RUNS_MAX = 64;
/** Of one run and process; further ones are sent only where something was found or failed. */
const UNEVENTFUL_MAX = 1000;

interface KnownRun {
  readonly traceparent: string | undefined;
  uneventful: number;
}

export class TraceParents {
  readonly #ledger: Pick<LedgerReadings, 'traceOf'>;
  readonly #known = new Map<string, KnownRun>();

  constructor(ledger: Pick<LedgerReadings, 'traceOf'>) {
    this.#ledger = ledger;
  }

  /** `planName`: a run that was deleted and ordered again has another plan. A ledger that is away names no parent. */
  async of(runId: string, planName: string): Promise<KnownRun> {
    const name = `${runId} ${planName}`;
    const known = this.#known.get(name);
    if (known) return known;
    try {
      const found = { traceparent: await this.#ledger.traceOf(runId), uneventful: 0 };
      this.#remember(name, found);
      return this.#known.get(name) ?? found;
    } catch {
      return { traceparent: undefined, uneventful: 0 };
    }
  }

  #remember(name: string, run: KnownRun): void {
    if (this.#known.has(name)) return;
    this.#known.set(name, run);
    const oldest = this.#known.keys().next();
    if (this.#known.size > RUNS_MAX && !oldest.done) this.#known.delete(oldest.value);
  }
}

/** False: this process has sent as many such spans of the run as it may. */
export function hasRoom(run: KnownRun): boolean {
  run.uneventful += 1;
  return run.uneventful <= UNEVENTFUL_MAX;
}
