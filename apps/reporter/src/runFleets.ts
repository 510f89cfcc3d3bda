/** Who works on a run at this moment, shared by those who look at it. */
import { type Clock, FLEET_WORKERS_MAX, type RunFleet } from '@rowparity/contracts';
import type { FleetReadings, LedgerReadings } from '@rowparity/core';
import { SharedReads } from './sharedReads.ts';

const FRESH_MS = 2000;
const UNSEEN = { isLed: false, waiting: 0, active: 0 };

export interface RunFleetsDeps {
  readonly ledger: Pick<LedgerReadings, 'getRun' | 'holders'>;
  /** Absent where there is no fleet to look at. */
  readonly fleet?: FleetReadings | undefined;
}

export class RunFleets {
  readonly #deps: RunFleetsDeps;
  readonly #shared: SharedReads<RunFleet>;

  constructor(deps: RunFleetsDeps, clock: Clock) {
    this.#deps = deps;
    this.#shared = new SharedReads({ ledger: deps.ledger, clock, freshMs: FRESH_MS });
  }

  /** Undefined for an unknown run. */
  of(runId: string): Promise<RunFleet | undefined> {
    return this.#shared.ofRun(runId, '', (now) => this.#read(runId, now));
  }

  async #read(runId: string, now: number): Promise<RunFleet> {
    const { ledger, fleet } = this.#deps;
    const [holders, look = UNSEEN] = await Promise.all([ledger.holders(runId), fleet?.look()]);
    const workers = holders.toSorted((a, b) => b.shards - a.shards || (a.name < b.name ? -1 : 1));
    return {
      ...{ runId, at: now, isLed: look.isLed, workersTotal: workers.length },
      workers: workers.slice(0, FLEET_WORKERS_MAX),
      shards: workers.reduce((sum, { shards }) => sum + shards, 0),
      jobs: { waiting: look.waiting, active: look.active },
    };
  }
}
