/** The pauses of the servers of an open run. Rates and the time that is left leave paused time out. */
import { type HostPause, PAUSES_TOLD_MAX } from '@rowparity/contracts';
import { hostOf } from '../budgeting/budgetHosts.ts';
import type { WholeRun } from '../ledgering/wholeRun.ts';
import type { PauseReadings } from '../ports/hostBudget.ts';
import { byRole } from '../sides/roles.ts';
import { SIDES } from '../sides/sides.ts';

export interface RunPauses {
  /** The newest first. */
  readonly told: readonly HostPause[];
  /** Of the time since the plan was made and before a pause of the run itself, what was paused on either server. */
  readonly pausedMs: number;
}

const NONE: RunPauses = { told: [], pausedMs: 0 };

export async function runPauses(
  run: Pick<WholeRun, 'pausedAt' | 'state' | 'spec' | 'direction' | 'servers' | 'plannedAt'>,
  readings: PauseReadings | undefined,
  now: number,
): Promise<RunPauses> {
  const { plannedAt, spec, direction, servers } = run;
  if (!readings || run.state !== 'running' || plannedAt === null) return NONE;
  const connections = byRole(spec, direction);
  const ids = SIDES.map((side) => hostOf(servers?.[side], connections[side]).id);
  const all = await readings.pausesOf([...new Set(ids)]);
  const during = all
    .filter(({ to }) => to === null || to > plannedAt)
    .map((pause) => ({ ...pause, from: Math.max(pause.from, plannedAt) }))
    .sort((a, b) => b.from - a.from);
  return { told: during.slice(0, PAUSES_TOLD_MAX), pausedMs: unionMs(during, run.pausedAt ?? now) };
}

/** Both servers may be paused at once. */
function unionMs(pauses: readonly HostPause[], now: number): number {
  let total = 0;
  let covered = Number.NEGATIVE_INFINITY;
  for (const { from, to } of pauses.toReversed()) {
    const end = Math.min(to ?? now, now);
    total += Math.max(0, end - Math.max(from, covered));
    covered = Math.max(covered, end);
  }
  return total;
}
