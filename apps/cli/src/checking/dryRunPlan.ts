/** The plan of a spec without a run: for `--explain`, and to check whether an earlier plan still holds. */
import type { RunSpec } from '@rowparity/contracts';
import type { LedgerReadings, WholeRun } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { planInMemory } from '@rowparity/sqlite';
import type { Databases } from './databases.ts';

interface DryRunDeps {
  readonly databases: Databases;
  readonly signal: AbortSignal;
}

export function dryRunPlan<T>(
  spec: RunSpec,
  { databases: { catalog }, signal }: DryRunDeps,
  use: (run: WholeRun, ledger: LedgerReadings) => Promise<T> | T,
): Promise<T> {
  return planInMemory(spec, { clock: systemClock, catalog, signal, isLeftOpen: () => true }, use);
}
