/** Plans a spec into a ledger in memory: for `--explain`, and to check whether an earlier plan still holds. */
import type { RunSpec } from '@rowparity/contracts';
import { advanceRun, type LedgerReadings, readWholeRun, type WholeRun } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { openSqliteLedger } from '@rowparity/sqlite';
import type { Databases } from './databases.ts';

interface DryRunDeps {
  readonly databases: Databases;
  readonly signal: AbortSignal;
}

export async function dryRunPlan<T>(
  spec: RunSpec,
  { databases, signal }: DryRunDeps,
  use: (run: WholeRun, ledger: LedgerReadings) => Promise<T> | T,
): Promise<T> {
  const ledger = openSqliteLedger({ path: ':memory:' });
  try {
    await ledger.createRun(spec, systemClock.now());
    const { runId } = spec;
    const deps = { ledger, clock: systemClock, catalog: databases.catalog, isLeftOpen: () => true };
    await advanceRun({ runId, isThorough: false }, deps, signal);
    return await use((await readWholeRun(runId, ledger)) as WholeRun, ledger);
  } finally {
    await ledger.close();
  }
}
