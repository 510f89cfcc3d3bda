/** Plans a spec into a ledger in memory: what a run would compare. Reads schemas and estimates, no rows. */
import type { RunSpec } from '@rowparity/contracts';
import {
  type AdvanceDeps,
  advanceRun,
  type LedgerReadings,
  readWholeRun,
  type WholeRun,
} from '@rowparity/core';
import { openSqliteLedger } from './openSqliteLedger.ts';

export type PlanInMemoryDeps = Pick<AdvanceDeps, 'clock' | 'catalog' | 'isLeftOpen'> & {
  readonly signal: AbortSignal;
};

/** Throws the faults for which `isLeftOpen` is true. With any other the run is settled, and has it as its failure. */
export async function planInMemory<T>(
  spec: RunSpec,
  { signal, ...deps }: PlanInMemoryDeps,
  use: (run: WholeRun, ledger: LedgerReadings) => Promise<T> | T,
): Promise<T> {
  const ledger = openSqliteLedger({ path: ':memory:' });
  try {
    const { runId } = spec;
    await ledger.createRun(spec, deps.clock.now());
    await advanceRun({ runId, isThorough: false }, { ...deps, ledger }, signal);
    return await use((await readWholeRun(runId, ledger)) as WholeRun, ledger);
  } finally {
    await ledger.close();
  }
}
