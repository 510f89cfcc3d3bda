/** Plans a spec without a trace: into a ledger in memory. For `--explain`, and to see whether a plan still holds. */
import type { RunHeader, RunSpec } from '@rowparity/contracts';
import { type LedgerReadings, planRun, readWholeRun, type WholeRun } from '@rowparity/core';
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
    const accepted = (await ledger.getRun(spec.runId)) as RunHeader;
    const planning = await ledger.beginPlanning(spec.runId);
    await planRun(
      { run: accepted, planning },
      { ledger, clock: systemClock, catalog: databases.catalog },
      signal,
    );
    return await use((await readWholeRun(spec.runId, ledger)) as WholeRun, ledger);
  } finally {
    await ledger.close();
  }
}
