/**
 * What every ledger must do, as tests: the Redis ledger and the one-process ledger both pass this suite. It knows
 * the port only.
 */
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { Ledger } from './ledger.ts';
import { benchOf } from './ledgerConformance/bench.ts';
import { testHolds } from './ledgerConformance/holds.ts';
import { interleavedHolds } from './ledgerConformance/model.ts';
import { testOpenShards } from './ledgerConformance/openShards.ts';
import { testPlans } from './ledgerConformance/plans.ts';
import { testReadings } from './ledgerConformance/readings.ts';
import { testRuns } from './ledgerConformance/runs.ts';
import { testSplits } from './ledgerConformance/splits.ts';
import { testTransitions } from './ledgerConformance/transitions.ts';

export interface LedgerUnderTest {
  /** Empty: no run was ever created in it. */
  readonly ledger: Ledger;
  /** Closes it, too. */
  cleanUp(): Promise<void>;
}

export function ledgerConformance(name: string, makeLedger: () => Promise<LedgerUnderTest>): void {
  describe(`ledger: ${name}`, () => {
    let underTest: LedgerUnderTest;
    beforeEach(async () => {
      underTest = await makeLedger();
    });
    afterEach(async () => {
      await underTest.cleanUp();
    });

    const bench = benchOf(() => underTest.ledger);
    testRuns(bench);
    testPlans(bench);
    testOpenShards(bench);
    testHolds(bench);
    testSplits(bench);
    testReadings(bench);
    testTransitions(bench);

    it('whatever the order of claims, commits, finishes, splits, releases, crashes and late writes, the counts are exact', async () => {
      await interleavedHolds(bench.ledger);
    });
  });
}
