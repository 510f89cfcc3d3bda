/**
 * Validates one shard from its checkpoint to its end: compares page by page, rechecks what differs, publishes what
 * stays different, and commits. It holds no state beyond its limits and knows no server: everything comes through
 * ports. A fault leaves the last commit standing; whoever continues begins there.
 */
import type { Counts, KeyTuple } from '@rowparity/contracts';
import { addCounts, plusCounts, zeroCounts } from '@rowparity/contracts';
import { byCheaperStrategy, stepsOf } from '../comparing/cheaperStrategy.ts';
import type { DigestParts, EqualRange, Step } from '../comparing/compareByDigest.ts';
import { comparePage } from '../comparing/comparePage.ts';
import type { PagePair } from '../comparing/pagePair.ts';
import { readPairs } from '../comparing/readPairs.ts';
import { countsOfRules } from '../comparing/secondLook.ts';
import { STEP_RETRY, withRetry } from '../faults/retry.ts';
import type { Progress } from '../ports/ledger.ts';
import { type PendingPage, PendingPages } from '../rechecking/pendingPages.ts';
import { Rechecker } from '../rechecking/rechecker.ts';
import { outcomeOf, type ShardEnd } from '../shards/shardOutcome.ts';
import type { ShardPorts, ShardWork } from '../shards/shardWork.ts';
import { DigestRecall } from './digestRecall.ts';
import { Overrun } from './overrun.ts';
import { Recall } from './recall.ts';

/** Bytes of one page on one side: small enough for a processor's cache, so that comparing costs next to nothing. */
const PAGE_BYTES_MAX = 1024 * 1024;
/** Pages that may wait for a recheck before reading pauses. */
const PENDING_PAGES_MAX = 1000;
/** A commit this long after the last one is due, so that a crash costs seconds of work. */
const COMMIT_INTERVAL_MS = 1000;

export async function validateShard(
  work: ShardWork,
  ports: ShardPorts,
  signal: AbortSignal,
): Promise<ShardEnd> {
  return new ShardValidation(work, ports, signal).run();
}

class ShardValidation {
  readonly #work: ShardWork;
  readonly #ports: ShardPorts;
  readonly #signal: AbortSignal;
  readonly #pages = new PendingPages();
  readonly #rechecker: Rechecker;
  readonly #overrun: Overrun;
  readonly #recall: Recall;
  readonly #digestRecall: DigestRecall;
  #checkpoint: KeyTuple | null;
  #counts: Counts;
  #committedAtMs: number;

  constructor(work: ShardWork, ports: ShardPorts, signal: AbortSignal) {
    this.#work = work;
    this.#ports = ports;
    this.#signal = signal;
    this.#checkpoint = work.checkpoint;
    this.#counts = work.counts;
    this.#committedAtMs = ports.clock.steadyNow();
    this.#rechecker = new Rechecker(work, ports, signal);
    const { runId, plan } = work.context;
    const retried = <T>(step: () => Promise<T>) => this.#retried(step);
    const recalled = { runId, shard: work.shard, plan, readers: ports.pages };
    this.#recall = new Recall(recalled);
    this.#digestRecall = new DigestRecall({ ...recalled, retried, signal });
    this.#overrun = new Overrun(work, { ports, clock: ports.clock, retried, signal });
  }

  async run(): Promise<ShardEnd> {
    for await (const step of this.#steps()) {
      this.#signal.throwIfAborted();
      if (step.kind === 'pages') this.#takePages(step.pair);
      else await this.#takeEqual(step);
      await this.#rechecker.recheckDue();
      if (this.#pages.size > PENDING_PAGES_MAX) await this.#rechecker.recheckAll();
      if (this.#isCommitDue() && !(await this.#commit())) return { kind: 'lost' };
      if (!this.#overrun.isDue) continue;
      const rest = await this.#overrun.giveBack(endOf(step));
      if (rest === 'lost') return { kind: 'lost' };
      if (rest === 'given') break;
    }
    await this.#rechecker.recheckAll();
    return this.#end();
  }

  #steps(): AsyncGenerator<Step, void, void> {
    const { range, checkpoint, policy } = this.#work;
    const rest = { after: checkpoint ?? range.after, upTo: range.upTo };
    const readers = this.#ports.pages;
    const parts: DigestParts = {
      readers,
      pageRows: policy.shard.pageRows,
      signal: this.#signal,
      retried: (step) => this.#retried(step),
      readPages: (of) =>
        readPairs({
          range: of,
          limits: { rows: policy.shard.pageRows, bytes: PAGE_BYTES_MAX },
          readers,
          signal: this.#signal,
          clock: this.#ports.clock,
          retried: (step) => this.#retried(step),
        }),
    };
    if (policy.strategy === 'auto') return byCheaperStrategy(rest, parts, this.#ports.clock);
    return stepsOf(policy.strategy, rest, parts);
  }

  async #takeEqual(equal: EqualRange): Promise<void> {
    const { range, rows } = equal;
    this.#overrun.read(rows);
    const probed = await this.#digestRecall.probe(equal);
    const counts = { ...zeroCounts(), rowsBase: rows.base, rowsTarget: rows.target, ...probed };
    this.#pages.add({ range, rows: rows.base, counts, open: 0 });
  }

  #takePages(pair: PagePair): void {
    const { base, target } = pair.pages;
    this.#overrun.read({ base: base.rows, target: target.rows });
    const { candidates, equalByRule } = comparePage(pair.pages, this.#ports.pages, this.#work.context.plan);
    const probed = this.#recall.probe(pair.pages);
    const read = { ...zeroCounts(), rowsBase: base.rows, rowsTarget: target.rows, ...probed };
    const counts = equalByRule.reduce((sum, rules) => plusCounts(sum, countsOfRules(rules)), read);
    const rows = Math.max(base.rows, target.rows);
    const page: PendingPage = { range: pair.range, rows, counts, open: candidates.length };
    this.#pages.add(page);
    this.#rechecker.add(page, candidates);
  }

  #isCommitDue(): boolean {
    return (
      this.#pages.hasSettled && this.#ports.clock.steadyNow() - this.#committedAtMs >= COMMIT_INTERVAL_MS
    );
  }

  /** False when the hold on the shard is lost. */
  async #commit(): Promise<boolean> {
    const rest = await this.#takeSettled();
    const written = await this.#ports.commit(rest);
    this.#committedAtMs = this.#ports.clock.steadyNow();
    return written.kind === 'written';
  }

  async #end(): Promise<ShardEnd> {
    const rest = await this.#takeSettled();
    return { kind: 'ended', ...outcomeOf(this.#counts), rest };
  }

  /** Law 3: the events of a page are acknowledged before its checkpoint is as much as known to the caller. */
  async #takeSettled(): Promise<Progress> {
    const settled = this.#pages.takeSettled();
    await this.#rechecker.flush();
    if (settled.checkpoint !== undefined) this.#checkpoint = settled.checkpoint ?? this.#checkpoint;
    this.#counts = addCounts(this.#counts, settled.counts);
    return { checkpoint: this.#checkpoint, add: settled.counts, unstable: settled.unstable };
  }

  #retried<T>(step: () => Promise<T>): Promise<T> {
    return withRetry(step, { policy: STEP_RETRY, clock: this.#ports.clock, signal: this.#signal });
  }
}

/** Everything up to here is read. */
function endOf(step: Step): KeyTuple | null {
  return step.kind === 'pages' ? step.pair.range.upTo : step.range.upTo;
}
