/** What the parts of the ledger's conformance suite share: small runs, and short ways to hold their shards. */
import {
  type Counts,
  type Failure,
  type KeyTuple,
  type Outcome,
  type PlannedShard,
  type RunSpec,
  type RunSpecInput,
  runSpec,
  type TableRecord,
  zeroCounts,
} from '@rowparity/contracts';
import type { InheritedShard } from '../../ports/ledger/planStore.ts';
import type {
  ClaimResult,
  HeldWriteResult,
  Hold,
  Ledger,
  Planning,
  UnstableKey,
  WriteResult,
} from '../../ports/ledger.ts';

export const RUN = 'run-1';
export const STRIKES_MAX = 3;
export const REFUSED: Failure = { code: 'TABLE_WITHOUT_KEY', message: 'expected a key, found none' };
export const LOST: Failure = { code: 'CONNECTION_LOST', message: 'the source went away' };

export function specOf(runId: string, change: Partial<RunSpecInput> = {}): RunSpec {
  return runSpec.parse({
    version: 1,
    runId,
    source: 'source',
    destination: 'destination',
    direction: 'SRC',
    tables: [{ name: 'orders' }],
    ...change,
  });
}

export function countsOf(some: Partial<Counts>): Counts {
  return { ...zeroCounts(), ...some };
}

/** The plan of some tables: `shards[t]` ranges of table t, from open to open. */
export function tiledPlan(shards: readonly number[]): readonly PlannedShard[] {
  const keyAt = (cut: number, count: number) => (cut === 0 || cut === count ? null : [String(cut * 1000)]);
  return shards
    .flatMap((count, table) =>
      Array.from({ length: count }, (_, cut) => ({
        table,
        range: { after: keyAt(cut, count), upTo: keyAt(cut + 1, count) },
      })),
    )
    .map((part, shard) => ({ shard, ...part }));
}

/** What a shard came to in an earlier run. */
export function inheritedShard(shard: number, change: Partial<InheritedShard> = {}): InheritedShard {
  return {
    ...{ shard, attempt: 2, checkpoint: ['77'], counts: countsOf({ rowsBase: 9, rowsTarget: 8 }) },
    ...{ outcome: 'match', failure: null, claimedAt: 100, committedAt: 150, finishedAt: 200 },
    inheritedFrom: 'earlier',
    ...change,
  };
}

export function tablesOf(shards: readonly number[]): readonly TableRecord[] {
  return shards.map((count, table) => ({
    names: { source: `table_${table}`, destination: `table_${table}` },
    plan: null,
    refusal: count === 0 ? REFUSED : null,
    shards: count,
    estimatedRows: count * 1000,
  }));
}

/** A run that is ready for work. */
export async function plannedRun(ledger: Ledger, shards: readonly number[], runId = RUN): Promise<Planning> {
  await ledger.createRun(specOf(runId), 1000);
  const planning = await ledger.beginPlanning(runId);
  await ledger.addShards(planning, tiledPlan(shards));
  await ledger.completePlan(planning, { tables: tablesOf(shards), now: 2000 });
  return planning;
}

/** A hold by its attempt alone; the bench keeps what was written last under it. */
export type Attempt = Omit<Hold, 'last'>;

interface Answer {
  readonly kind: WriteResult['kind'];
}

type CommitParameters = readonly [
  attempt: Attempt,
  add?: Partial<Counts>,
  checkpoint?: readonly string[] | null,
  unstable?: readonly UnstableKey[],
];

/** The ledger of the test that runs, and calls on its run. */
export interface Bench {
  readonly ledger: Ledger;
  claim(shard: number, holder?: string, runId?: string): Promise<ClaimResult>;
  hold(shard: number): Promise<Attempt>;
  /** The hold as the attempt's last write left it. */
  lastOf(attempt: Attempt): Hold;
  /** What a write of the test's own gave. */
  keep(hold: Hold): void;
  commit(...parameters: CommitParameters): Promise<Answer>;
  finish(attempt: Attempt, outcome?: Outcome, add?: Partial<Counts>): Promise<Answer>;
  split(attempt: Attempt, cuts: readonly KeyTuple[]): Promise<Answer>;
  release(attempt: Attempt): Promise<Answer>;
}

export function benchOf(current: () => Ledger): Bench {
  const holds = new Map<string, Hold>();
  const nameOf = ({ runId, shard, attempt }: Attempt) => `${runId} ${shard} ${attempt}`;
  const lastOf = (attempt: Attempt): Hold => holds.get(nameOf(attempt)) ?? { ...attempt, last: 'nothing' };
  const keep = (hold: Hold): void => void holds.set(nameOf(hold), hold);
  const kept = (written: HeldWriteResult): Answer => {
    if (written.kind === 'written') keep(written.hold);
    return { kind: written.kind };
  };
  const claim: Bench['claim'] = async (shard, holder = 'worker-1', runId = RUN) => {
    const claimed = await current().claim({ runId, shard, holder, strikesMax: STRIKES_MAX, now: 3000 });
    if (claimed.kind === 'claimed') keep(claimed.hold);
    return claimed;
  };
  return {
    get ledger() {
      return current();
    },
    claim,
    lastOf,
    keep,
    async hold(shard) {
      const claimed = await claim(shard);
      if (claimed.kind !== 'claimed')
        throw new Error(`expected to claim shard ${shard}, found ${claimed.kind}`);
      return { runId: RUN, shard, attempt: claimed.shard.attempt };
    },
    async commit(attempt, add = {}, checkpoint = null, unstable = []) {
      return kept(
        await current().commit(lastOf(attempt), { checkpoint, add: countsOf(add), unstable }, 4000),
      );
    },
    async finish(attempt, outcome = 'match', add = {}) {
      const failure = outcome === 'inconclusive' ? LOST : null;
      const end = { checkpoint: null, add: countsOf(add), outcome, failure };
      return { kind: (await current().finish(lastOf(attempt), end, 5000)).kind };
    },
    async split(attempt, cuts) {
      return kept(await current().split(lastOf(attempt), cuts));
    },
    async release(attempt) {
      return { kind: (await current().release(lastOf(attempt))).kind };
    },
  };
}
