/**
 * A run with all that a report, a verdict or a certificate needs: its header, spec, plan and remarks, read together.
 */
import type {
  Failure,
  RunHeader,
  RunRemarks,
  RunSpec,
  ServerIdentity,
  UnstableRow,
} from '@rowparity/contracts';
import type { LedgerReadings } from '../ports/ledger.ts';
import { byRole } from '../sides/roles.ts';
import type { Sides } from '../sides/sides.ts';
import { type PlannedRun, type PlannedTable, type PlanReader, planReader } from './plannedRun.ts';

export type WholeTable = PlannedTable & {
  /** What was found at the end to be another schema than the plan's. */
  readonly changed?: Failure | undefined;
};

export interface WholeRun extends RunHeader {
  readonly spec: RunSpec;
  /** Empty while there is no plan, and when the ledger has lost it. */
  readonly tables: readonly WholeTable[];
  readonly servers?: Sides<ServerIdentity>;
  readonly unstable: readonly UnstableRow[];
}

export type WholeRunReadings = Pick<LedgerReadings, 'getRun' | 'getSpec' | 'getPlan' | 'getRemarks'>;

/** Throws RUN_UNREADABLE when any of its records cannot be read. */
export async function readWholeRun(
  runId: string,
  ledger: WholeRunReadings,
  readPlan: PlanReader = planReader(ledger),
): Promise<WholeRun | undefined> {
  const header = await ledger.getRun(runId);
  if (!header) return undefined;
  const { planName } = header;
  const planned = planName === null ? undefined : await readPlan(runId, planName);
  const spec = planned?.spec ?? (await ledger.getSpec(runId));
  return spec && wholeOf({ header, spec, planned, remarks: await ledger.getRemarks(runId) });
}

function wholeOf(parts: {
  readonly header: RunHeader;
  readonly spec: RunSpec;
  readonly planned: PlannedRun | undefined;
  readonly remarks: RunRemarks;
}): WholeRun {
  const { header, spec, planned, remarks } = parts;
  const changes = new Map(remarks.changed.map(({ table, failure }) => [table, failure]));
  const tables = (planned?.tablesIn(header.direction) ?? []).map((table, i) => ({
    ...table,
    changed: changes.get(i),
  }));
  const servers = planned?.plan.servers;
  return {
    ...header,
    spec,
    tables,
    ...(servers ? { servers: byRole(servers, header.direction) } : {}),
    unstable: remarks.unstable,
  };
}
