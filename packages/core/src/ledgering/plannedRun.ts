/** Spec and plan of a planned run. Neither ever changes under the plan's name, so both may be remembered. */
import type { RunPlan, RunSpec } from '@rowparity/contracts';
import type { LedgerReadings } from '../ports/ledger.ts';

export interface PlannedRun {
  readonly spec: RunSpec;
  readonly plan: RunPlan;
}

/** Undefined when the ledger has no plan of this name. Throws RUN_UNREADABLE. */
export type PlanReader = (runId: string, planName: string) => Promise<PlannedRun | undefined>;

type Readings = Pick<LedgerReadings, 'getSpec' | 'getPlan'>;

export function planReader(ledger: Readings): PlanReader {
  return async (runId, planName) => {
    const [spec, plan] = await Promise.all([ledger.getSpec(runId), ledger.getPlan(runId, planName)]);
    return spec && plan && { spec, plan };
  };
}

/** Runs that one process works on or is asked for at the same time are few; a plan of a thousand tables is some megabytes. */
const PLANS_MAX = 16;

/** Remembers the plans that were read lately. */
export class PlanCache {
  readonly #readPlan: PlanReader;
  readonly #known = new Map<string, PlannedRun>();

  constructor(ledger: Readings) {
    this.#readPlan = planReader(ledger);
  }

  readonly read: PlanReader = async (runId, planName) => {
    const name = `${runId} ${planName}`;
    const known = this.#known.get(name);
    if (known) return known;
    const planned = await this.#readPlan(runId, planName);
    if (!planned) return undefined;
    this.#known.set(name, planned);
    const oldest = this.#known.keys().next();
    if (this.#known.size > PLANS_MAX && !oldest.done) this.#known.delete(oldest.value);
    return planned;
  };
}
