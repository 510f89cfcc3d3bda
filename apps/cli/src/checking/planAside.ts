/** Plans a spec without a trace: into a ledger in memory. For `--explain`, and to see whether a plan still holds. */
import type { RunSpec } from '@rowparity/contracts';
import { advanceRun, type LedgerReadings, readWholeRun, type WholeRun } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { openSqliteLedger } from '@rowparity/sqlite';
import type { Databases } from './databases.ts';

export async function planAside<T>(
  spec: RunSpec,
  databases: Databases,
  use: (run: WholeRun, ledger: LedgerReadings) => Promise<T> | T,
  signal: AbortSignal,
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
