/**
 * The tests that every ledger must pass: the Redis ledger and the SQLite ledger. They use the ports only.
 */
import { afterEach, beforeEach, describe, it } from 'vitest';
import type { Ledger } from '../ports/ledger.ts';
import { benchOf } from './ledger/bench.ts';
import { testGroups } from './ledger/groups.ts';
import { testHolds } from './ledger/holds.ts';
import { testInheritedShards } from './ledger/inheritedShards.ts';
import { testKeyShards } from './ledger/keyShards.ts';
import { testKnown } from './ledger/known.ts';
import { testLostLedger } from './ledger/lostLedger.ts';
import { interleavedHolds } from './ledger/model.ts';
import { testOpenShards } from './ledger/openShards.ts';
import { testPauses } from './ledger/pauses.ts';
import { testPlans } from './ledger/plans.ts';
import { testReadings } from './ledger/readings.ts';
import { testRunPages } from './ledger/runPages.ts';
import { testRuns } from './ledger/runs.ts';
import { testShardMarks } from './ledger/shardMarks.ts';
import { testSplits } from './ledger/splits.ts';
import { testTransitions } from './ledger/transitions.ts';
import { testWatches } from './ledger/watches.ts';

export interface LedgerUnderTest {
  /** Empty: no run was ever created in it. */
  readonly ledger: Ledger;
  /** Takes away what it stores its records in: from now on no call succeeds. */
  lose(): void;
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
    testRunPages(bench);
    testPlans(bench);
    testInheritedShards(bench);
    testOpenShards(bench);
    testHolds(bench);
    testKnown(bench);
    testGroups(bench);
    testKeyShards(bench);
    testSplits(bench);
    testPauses(bench);
    testReadings(bench);
    testShardMarks(bench);
    testTransitions(bench);
    testWatches(bench);
    testLostLedger(bench, () => underTest.lose());

    it('for any order of claims, commits, finishes, splits, releases, crashes and late writes, the counts are exact', async () => {
      await interleavedHolds(bench.ledger);
    });
  });
}
