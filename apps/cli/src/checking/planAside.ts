/** Plans a spec without a trace: into a ledger in memory. For `--explain`, and to see whether a plan still holds. */
import type { RunRecord, RunSpec } from '@rowparity/contracts';
import { type LedgerReadings, planRun } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { openSqliteLedger } from '@rowparity/sqlite';
import type { Databases } from './databases.ts';

export async function planAside<T>(
  spec: RunSpec,
  databases: Databases,
  use: (run: RunRecord, ledger: LedgerReadings) => Promise<T> | T,
  signal: AbortSignal,
): Promise<T> {
  const ledger = openSqliteLedger({ path: ':memory:' });
  try {
    await ledger.createRun(spec, systemClock.now());
    const accepted = (await ledger.getRun(spec.runId)) as RunRecord;
    const planning = await ledger.beginPlanning(spec.runId);
    await planRun(
      { run: accepted, planning },
      { ledger, clock: systemClock, catalog: databases.catalog },
      signal,
    );
    return await use((await ledger.getRun(spec.runId)) as RunRecord, ledger);
  } finally {
    await ledger.close();
  }
}
