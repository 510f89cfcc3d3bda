/** Spec and plan of a planned run. Neither changes under the plan's name, so both may be cached. */
import type { Direction, InRoles, RunPlan, RunSpec, TableRecord } from '@rowparity/contracts';
import type { LedgerReadings } from '../ports/ledger.ts';
import { byRole } from '../sides/roles.ts';
import { inRoles } from '../sides/turnedPlan.ts';

/** A table pair turned to the roles of its run. Reports and events use the base's name. */
export type PlannedTable = Readonly<Omit<InRoles<TableRecord>, 'names'>> & { readonly name: string };

export class PlannedRun {
  readonly spec: RunSpec;
  readonly plan: RunPlan;
  /** A plan of a thousand tables takes longer to turn than to use. */
  readonly #turned = new Map<Direction, readonly PlannedTable[]>();

  constructor(spec: RunSpec, plan: RunPlan) {
    this.spec = spec;
    this.plan = plan;
  }

  tablesIn(direction: Direction): readonly PlannedTable[] {
    const known = this.#turned.get(direction);
    if (known) return known;
    const tables = this.plan.tables.map((table) => plannedTable(table, direction));
    this.#turned.set(direction, tables);
    return tables;
  }
}

function plannedTable({ names, ...table }: TableRecord, direction: Direction): PlannedTable {
  return { ...inRoles(table, direction), name: byRole(names, direction).base };
}

/** Undefined when the ledger has no plan of this name. Throws RUN_UNREADABLE. */
export type PlanReader = (runId: string, planName: string) => Promise<PlannedRun | undefined>;

type Readings = Pick<LedgerReadings, 'getSpec' | 'getPlan'>;

export function planReader(ledger: Readings): PlanReader {
  return async (runId, planName) => {
    const [spec, plan] = await Promise.all([ledger.getSpec(runId), ledger.getPlan(runId, planName)]);
    return spec && plan && new PlannedRun(spec, plan);
  };
}

/**
 * A process works on few runs at the same time, and a plan of a thousand tables is some megabytes.
 */
const PLANS_MAX = 16;

/** Caches the plans that were read last. */
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
