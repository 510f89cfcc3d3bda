/**
 * Validates one shard from its checkpoint to its end: compares page by page, rechecks what differs, publishes what
 * stays different, and commits. Its state is bounded, and it reaches servers only through ports. After a fault the last
 * commit stands, and the next attempt begins there.
 */
import type { Counts, KeyTuple } from '@rowparity/contracts';
import { addCounts, plusCounts, zeroCounts } from '@rowparity/contracts';
import { compareChanged } from '../changes/compareChanged.ts';
import { type ComparedRange, compareRange } from '../comparing/compareRange.ts';
import { STEP_RETRY, withRetry } from '../faults/retry.ts';
import { NONE_PENDING } from '../ledgering/tallies.ts';
import type { Pending, Progress } from '../ports/ledger.ts';
import { openFence } from '../positions/fencing.ts';
import { PendingPage, PendingPages } from '../rechecking/pendingPages.ts';
import { Rechecker } from '../rechecking/rechecker.ts';
import { countsOfRules } from '../rows/compareColumns.ts';
import { type Retry, retriedReader } from '../rows/retriedReader.ts';
import { FoundDifferences } from '../shards/foundDifferences.ts';
import { outcomeOf, type ShardEnd } from '../shards/shardOutcome.ts';
import type { Resting, ShardDeps, ShardWork } from '../shards/shardWork.ts';
import { mapSides } from '../sides/sides.ts';
import { Overrun } from './overrun.ts';
import { withinBudget, workClock } from './withinBudget.ts';

/** Pages that may wait for a recheck before reading pauses. */
const PENDING_PAGES_MAX = 1000;
/** Time between two commits, so that a crash costs only seconds of work. */
const COMMIT_INTERVAL_MS = 1000;
/** What is only pending is told less often: each time is a write to the ledger. */
const PENDING_INTERVAL_MS = 2000;

export async function validateShard(
  work: ShardWork,
  deps: ShardDeps,
  signal: AbortSignal,
): Promise<ShardEnd> {
  return new ShardValidation(work, deps, signal).run();
}

class ShardValidation {
  readonly #work: ShardWork;
  readonly #deps: ShardDeps;
  readonly #signal: AbortSignal;
  readonly #pages: PendingPages;
  readonly #rechecker: Rechecker;
  readonly #overrun: Overrun;
  #checkpoint: KeyTuple | null;
  #counts: Counts;
  #committedAtMs: number;
  #toldPending = NONE_PENDING;

  constructor(work: ShardWork, given: ShardDeps, signal: AbortSignal) {
    const deps = withinBudget(given);
    this.#work = work;
    this.#deps = deps;
    this.#signal = signal;
    this.#pages = new PendingPages(work.policy.known.keep);
    this.#checkpoint = work.checkpoint;
    this.#counts = work.counts;
    this.#committedAtMs = deps.clock.steadyNow();
    const retry: Retry = (step) => this.#retried(step);
    const points = mapSides(deps.points, (reader) => retriedReader(reader, retry));
    const { clock, fencing } = deps;
    const fence = fencing && openFence(fencing, { readers: points, clock });
    const teller = new FoundDifferences({ context: work.context, clock, following: deps.following });
    const { room } = this.#pages;
    this.#rechecker = new Rechecker(work, { ...deps, points, fence, teller, room }, signal);
    this.#overrun = new Overrun(work, { ports: { ...deps, points }, clock: workClock(deps), signal });
  }

  async run(): Promise<ShardEnd> {
    for await (const compared of this.#compare()) {
      this.#signal.throwIfAborted();
      this.#take(compared);
      const isTooMuch = this.#pages.size > PENDING_PAGES_MAX;
      const isHeld = await this.#recheck(
        () => this.#rechecker.isDue || (isTooMuch && !this.#rechecker.isDone),
      );
      if (!isHeld || (this.#isCommitDue() && !(await this.#commit()))) return { kind: 'lost' };
      // A list of changed rows has no keys to divide it by.
      if (this.#deps.changed || !this.#overrun.isDue) continue;
      const rest = await this.#overrun.releaseRest(compared.range.upTo);
      if (rest === 'lost') return { kind: 'lost' };
      if (rest === 'given') break;
    }
    return (await this.#recheckRest()) ? this.#end() : { kind: 'lost' };
  }

  /** Rechecks while there is something to do, and commits what has settled. False when the hold is lost. */
  async #recheck(isDue: () => boolean, resting?: Resting): Promise<boolean> {
    while (isDue()) {
      if (this.#isNews() && this.#rechecker.isLongWait && !(await this.#commit())) return false;
      await this.#rechecker.recheckNext(resting);
      if (isDue() && this.#isCommitDue() && !(await this.#commit())) return false;
    }
    return true;
  }

  /** All rows are read. A shard that only waits needs neither slot nor sessions. */
  async #recheckRest(): Promise<boolean> {
    const { resting } = this.#deps;
    const { size, bytes } = this.#rechecker;
    const isResting = size > 0 && (await resting?.begin(bytes));
    if (isResting) await resting?.rest();
    return this.#recheck(() => !this.#rechecker.isDone, isResting ? resting : undefined);
  }

  #compare(): AsyncGenerator<ComparedRange, void, void> {
    const { context, shard, range, checkpoint, policy } = this.#work;
    const retried = <T>(step: () => Promise<T>) => this.#retried(step);
    const { changed, points } = this.#deps;
    if (changed) {
      const { runId, plan } = context;
      return compareChanged(checkpoint, {
        runId,
        shard,
        plan,
        points,
        changed,
        signal: this.#signal,
        retried,
      });
    }
    const rest = { after: checkpoint ?? range.after, upTo: range.upTo };
    return compareRange(rest, {
      runId: context.runId,
      shard,
      plan: context.plan,
      strategy: policy.strategy,
      pageRows: policy.shard.pageRows,
      readers: this.#deps.pages,
      clock: workClock(this.#deps),
      gate: this.#deps.budget,
      signal: this.#signal,
      retried,
    });
  }

  #take({ range, rows, candidates, equalByRule, planted, caught }: ComparedRange): void {
    this.#overrun.read(rows);
    const read = { ...zeroCounts(), rowsBase: rows.base, rowsTarget: rows.target, planted, caught };
    const counts = equalByRule.reduce((sum, rules) => plusCounts(sum, countsOfRules(rules)), read);
    const larger = Math.max(rows.base, rows.target);
    const isScattered = this.#deps.changed !== undefined;
    const page = new PendingPage({ range, rows: larger, counts, candidates: candidates.length, isScattered });
    this.#pages.add(page);
    this.#rechecker.add(page, candidates);
    candidates.length = 0;
  }

  #isCommitDue(): boolean {
    const sinceMs = this.#deps.clock.steadyNow() - this.#committedAtMs;
    if (this.#pages.hasSettled) return sinceMs >= COMMIT_INTERVAL_MS;
    return sinceMs >= PENDING_INTERVAL_MS && this.#isNews();
  }

  /** Something to keep, or to tell of what waits. */
  #isNews(): boolean {
    return this.#pages.hasSettled || !isSamePending(this.#pending(), this.#toldPending);
  }

  #pending(): Pending {
    return { rows: this.#pages.rows, candidates: this.#rechecker.size };
  }

  /** False when the hold on the shard is lost. */
  async #commit(): Promise<boolean> {
    const hasSettled = this.#pages.hasSettled;
    const settled = await this.#takeSettled();
    const pending = this.#pending();
    const checkpoint = hasSettled ? settled.checkpoint : null;
    const written = await this.#deps.commit({ ...settled, checkpoint, pending });
    this.#toldPending = pending;
    this.#committedAtMs = this.#deps.clock.steadyNow();
    return written.kind === 'written';
  }

  async #end(): Promise<ShardEnd> {
    const rest = await this.#takeSettled();
    return { kind: 'ended', ...outcomeOf(this.#counts, this.#rechecker.behind), rest };
  }

  /** Law 3: the events of a page are acknowledged before the caller gets its checkpoint. */
  async #takeSettled(): Promise<Progress> {
    const settled = this.#pages.takeSettled();
    await this.#rechecker.flush();
    if (settled.checkpoint !== undefined) this.#checkpoint = settled.checkpoint ?? this.#checkpoint;
    this.#counts = addCounts(this.#counts, settled.counts);
    const { counts: add, checkpoint: _, ...told } = settled;
    return { checkpoint: this.#checkpoint, add, ...told };
  }

  #retried<T>(step: () => Promise<T>): Promise<T> {
    return withRetry(step, { policy: STEP_RETRY, clock: this.#deps.clock, signal: this.#signal });
  }
}

function isSamePending(a: Pending, b: Pending): boolean {
  return a.rows === b.rows && a.candidates === b.candidates;
}
