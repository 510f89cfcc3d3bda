/** Runs validateShard over rows in memory and gathers what it published and committed. */
import {
  addCounts,
  type Counts,
  type InconsistentEvent,
  type KeyKind,
  type KeyRange,
  type KeyTuple,
  type RunSpec,
  zeroCounts,
} from '@rowparity/contracts';
import type { ShardBudget } from '../budgeting/shardBudget.ts';
import type { PlacedEvent } from '../ports/eventSink.ts';
import type { Progress, WriteResult } from '../ports/ledger.ts';
import type { Fencing } from '../positions/fencing.ts';
import { RunConvergence } from '../shards/convergenceTimes.ts';
import type { ShardEnd } from '../shards/shardOutcome.ts';
import type { Resting } from '../shards/shardWork.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { validateShard } from '../validating/validateShard.ts';
import { FakeChangedKeys, type FakeTimes } from './fakeChangedKeys.ts';
import { FakeRowReader } from './fakeRowReader.ts';
import { ManualClock } from './manualClock.ts';

const ROWS = {
  connections: { source: 's', destination: 'd' },
  tables: { source: 't', destination: 't' },
  keySpace: '0'.repeat(16),
};
const RECHECK = { stillMs: 'auto', fence: 'auto', maxWaitMs: 60_000 } as const;

const column = (name: string) => ({
  names: { base: name, target: name },
  types: { base: 't', target: 't' },
  readAs: { kind: 'plain' as const },
  rules: [],
});
const TABLE = { schema: 's', table: 't' };
const PLAN = {
  tables: { base: TABLE, target: TABLE },
  columns: [column('k'), column('v')],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};

export interface BenchOptions {
  readonly base: Iterable<readonly [string, string]>;
  readonly target: Iterable<readonly [string, string]>;
  readonly range?: KeyRange;
  readonly pageRows?: number;
  /** Text when left out, of which pages are never read again as a whole. */
  readonly keyKind?: KeyKind;
  readonly delaysMs?: number[];
  readonly recheck?: Partial<RunSpec['recheck']>;
  readonly fencing?: Fencing;
  /** Of a shard that only waits. */
  readonly resting?: Resting;
  /** Wanted rows in a shard. */
  readonly rows?: number;
  readonly strategy?: 'exact' | 'checksum' | 'auto';
  /** The update times of the keys of each side: then only these rows are compared. */
  readonly times?: Sides<FakeTimes>;
  readonly checkpoint?: KeyTuple;
  /** Most confirmed differences that are kept. */
  readonly keep?: number;
  readonly arrange?: (bench: ShardBench) => void;
}

export class ShardBench {
  readonly clock = new ManualClock();
  readonly base: FakeRowReader;
  readonly target: FakeRowReader;
  readonly events: InconsistentEvent[] = [];
  readonly commits: Progress[] = [];
  /** The cuts of each split. */
  readonly splits: (readonly KeyTuple[])[] = [];
  splitAnswer: WriteResult = { kind: 'written' };
  readonly stop = new AbortController();
  /** Events that were flushed; law 3 says what may be committed. */
  flushed = 0;
  onFlush: (() => void) | undefined;
  /** Whether the run still takes writes. */
  isWanted = true;
  /** Of both servers. */
  budget: ShardBudget | undefined;
  readonly #options: BenchOptions;

  constructor(options: BenchOptions) {
    this.#options = options;
    this.base = new FakeRowReader(options.base);
    this.target = new FakeRowReader(options.target);
    options.arrange?.(this);
  }

  readonly convergence = new RunConvergence();

  run(): Promise<ShardEnd> {
    const {
      range = { after: null, upTo: null },
      pageRows = 1000,
      recheck = { delaysMs: [100, 200] },
      rows = 1000,
      delaysMs,
      fencing,
      resting,
      strategy = 'exact',
      times,
      checkpoint = null,
      keyKind = 'text',
    } = this.#options;
    const plan = { ...PLAN, key: [{ column: 0, kind: keyKind }] };
    return validateShard(
      {
        context: { runId: 'run', generation: 1, direction: 'SRC', table: 't', plan, rows: ROWS },
        shard: 0,
        range,
        checkpoint,
        counts: zeroCounts(),
        policy: {
          strategy,
          recheck: { ...RECHECK, ...recheck, ...(delaysMs ? { delaysMs } : {}) },
          shard: { rows, window: 1, pageRows },
          known: { keep: this.#options.keep ?? 1000 },
          events: { resolved: true },
        },
      },
      {
        changed: times && mapSides(times, (one) => new FakeChangedKeys(one)),
        pages: { base: this.base, target: this.target },
        points: { base: this.base, target: this.target },
        clock: this.clock,
        convergence: this.convergence,
        fencing,
        resting,
        ...{ budget: this.budget, isWanted: async () => this.isWanted },
        sink: {
          publish: async (events: readonly PlacedEvent[]) => {
            this.events.push(...events.map(({ event }) => event));
          },
          flush: async () => {
            this.onFlush?.();
            this.flushed = this.events.length;
          },
        },
        commit: async (progress) => {
          this.commits.push(progress);
          return { kind: 'written' };
        },
        split: async (cuts) => {
          this.splits.push(cuts);
          return this.splitAnswer;
        },
      },
      this.stop.signal,
    );
  }

  /** Everything counted: in commits and at the end. */
  counts(end: ShardEnd): Counts {
    const rest = end.kind === 'ended' ? [end.rest] : [];
    return [...this.commits, ...rest].map(({ add }) => add).reduce(addCounts, zeroCounts());
  }

  found(): string[] {
    return this.events.map(({ Type, Key }) => `${Type} ${String(Key?.k)}`).sort();
  }
}
