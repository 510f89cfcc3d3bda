/**
 * Reads candidates again when they are due, and turns what stays different into events. When the queue is full it waits
 * for the oldest ones instead of taking more.
 */
import type { Counts } from '@rowparity/contracts';
import type { Candidate } from '../comparing/candidate.ts';
import { STEP_RETRY, withRetry } from '../faults/retry.ts';
import type { UnstableKey } from '../ports/ledger.ts';
import type { RowReader } from '../ports/rowSource.ts';
import { eventOf } from '../shards/eventOf.ts';
import { Outbox } from '../shards/outbox.ts';
import type { ShardDeps, ShardWork } from '../shards/shardWork.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { CandidateQueue, KEYS_A_READ, type WaitingCandidate } from './candidateQueue.ts';
import { byPointReads, byRange, findInRange, hasOneSpelling } from './locateRows.ts';
import type { PendingPage } from './pendingPages.ts';
import { type Finding, type Locate, type Reading, recheckRound, type SeenReading } from './recheckRound.ts';

/** A point read costs a server about as much as ten rows of a range (measured). */
const DENSE_SHARE = 0.1;
/** Rows of a page's range when it is read again: its former rows, and some that came since. */
const RANGE_BYTES_MAX = 4 * 1024 * 1024;

export class Rechecker {
  readonly #work: ShardWork;
  readonly #deps: ShardDeps;
  readonly #signal: AbortSignal;
  readonly #queue: CandidateQueue;
  readonly #outbox: Outbox;

  constructor(work: ShardWork, deps: ShardDeps, signal: AbortSignal) {
    this.#work = work;
    this.#deps = deps;
    this.#signal = signal;
    this.#queue = new CandidateQueue(work.policy.recheck.delaysMs);
    this.#outbox = new Outbox({ sink: deps.sink, signal, retried: (step) => this.#retried(step) });
  }

  add(page: PendingPage, candidates: readonly Candidate[]): void {
    const nowMs = this.#deps.clock.steadyNow();
    for (const candidate of candidates) this.#queue.hold({ candidate, page, round: 0 }, nowMs);
  }

  /** Rechecks what is due; when too much is held, also waits for what is not due yet. */
  async recheckDue(): Promise<void> {
    const { clock } = this.#deps;
    while (this.#queue.isFull || this.#queue.nextDueAtMs <= clock.steadyNow()) await this.#recheckNext();
  }

  /** Until no candidate is left. */
  async recheckAll(): Promise<void> {
    while (this.#queue.size > 0) await this.#recheckNext();
  }

  /** Resolves when every event found so far is acknowledged. */
  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  async #recheckNext(): Promise<void> {
    const { clock } = this.#deps;
    const waitMs = this.#queue.nextDueAtMs - clock.steadyNow();
    if (waitMs > 0) await clock.sleep(waitMs, this.#signal);
    const slice = this.#queue.nextSlice(clock.steadyNow(), (page) => this.#isDense(page));
    const findings = await this.#look(slice);
    await this.#publish(slice, findings);
    this.#queue.letGo(slice);
    for (const [i, waiting] of slice.entries()) this.#settle(waiting, findings[i] as Finding);
  }

  async #look(slice: readonly WaitingCandidate[]): Promise<readonly Finding[]> {
    const candidates = slice.map((waiting) => waiting.candidate);
    const findings = await recheckRound(candidates, {
      plan: this.#work.context.plan,
      readers: this.#deps.points,
      locate: this.#locate(slice),
      findInRanges: (reader, places) => this.#findInRanges(reader, slice, places),
    });
    if (findings) return findings;
    // Rows have grown, or many have come.
    const fewer = Math.min(KEYS_A_READ, Math.ceil(slice.length / 2));
    const found: Finding[] = [];
    for (let offset = 0; offset < slice.length; offset += fewer) {
      found.push(...(await this.#look(slice.slice(offset, offset + fewer))));
    }
    return found;
  }

  #locate(slice: readonly WaitingCandidate[]): Locate {
    const byPoints = byPointReads(this.#signal);
    const { page } = slice[0] as WaitingCandidate;
    if (slice.length <= KEYS_A_READ || !this.#isDense(page)) return byPoints;
    const limits = { rows: 2 * page.rows + 1, bytes: RANGE_BYTES_MAX };
    return byRange({ range: page.range, limits }, this.#signal);
  }

  /** One search a page, for all of its candidates. */
  async #findInRanges(
    reader: RowReader,
    slice: readonly WaitingCandidate[],
    places: readonly number[],
  ): Promise<readonly (Reading | undefined)[]> {
    const found = new Map<number, Reading | undefined>();
    for (const [page, own] of Map.groupBy(places, (place) => (slice[place] as WaitingCandidate).page)) {
      const keys = own.map((place) => (slice[place] as WaitingCandidate).candidate.key);
      const limits = { rows: page.rows + 1, bytes: RANGE_BYTES_MAX };
      const search = { range: page.range, keys, limits };
      const readings = await findInRange(reader, search, this.#signal);
      for (const [i, place] of own.entries()) found.set(place, readings[i]);
    }
    return places.map((place) => found.get(place));
  }

  /** With this many candidates, reading the page again is cheaper than point reads. */
  #isDense(page: PendingPage): boolean {
    const { plan } = this.#work.context;
    return (
      page.open > KEYS_A_READ &&
      page.open > page.rows * DENSE_SHARE &&
      hasOneSpelling(plan.key.map(({ kind }) => kind))
    );
  }

  async #publish(slice: readonly WaitingCandidate[], findings: readonly Finding[]): Promise<void> {
    const events = slice.flatMap((waiting, i) => {
      const finding = findings[i] as Finding;
      const isUnstable = finding.kind === 'moving' && this.#queue.isLastRound(waiting);
      if (finding.kind !== 'confirmed' && !isUnstable) return [];
      return [{ event: this.#eventOf(waiting, finding, !isUnstable), shard: this.#work.shard }];
    });
    await this.#outbox.publish(events);
  }

  #eventOf(
    waiting: WaitingCandidate,
    { now, columns }: Extract<Finding, { now: unknown }>,
    isStable: boolean,
  ) {
    const type = typeOf(now);
    return eventOf(this.#work.context, {
      type,
      key: now.base?.key ?? waiting.candidate.key,
      columns: type === 'neq' ? columns : undefined,
      isStable,
      detectedAtMs: this.#deps.clock.now(),
    });
  }

  #settle(waiting: WaitingCandidate, finding: Finding): void {
    const { candidate, page, round } = waiting;
    const ended = this.#endOf(waiting, finding);
    if (ended) {
      page.endCandidate(ended);
      if (ended.unstable && finding.kind === 'moving') page.nameUnstable(unstableOf(waiting, finding));
    } else if (finding.kind === 'moving') {
      const seen = mapSides(finding.now, (now) => now?.seen ?? null);
      const again = { candidate: { key: candidate.key, seen }, page, round: round + 1 };
      this.#queue.hold(again, this.#deps.clock.steadyNow());
    }
  }

  /** What the end of a candidate counts; undefined while it has not ended. */
  #endOf(waiting: WaitingCandidate, finding: Finding): Partial<Counts> | undefined {
    switch (finding.kind) {
      case 'duplicate':
        return {};
      case 'converged':
        return { candidates: 1, converged: 1 };
      case 'confirmed':
        return { candidates: 1, [COUNT_OF[typeOf(finding.now)]]: 1 };
      case 'moving':
        return this.#queue.isLastRound(waiting) ? { candidates: 1, unstable: 1 } : undefined;
    }
  }

  #retried<T>(step: () => Promise<T>): Promise<T> {
    return withRetry(step, { policy: STEP_RETRY, clock: this.#deps.clock, signal: this.#signal });
  }
}

const COUNT_OF = { target_missing: 'targetMissing', neq: 'neq', base_missing: 'baseMissing' } as const;

function typeOf(now: Sides<SeenReading | null>): keyof typeof COUNT_OF {
  if (now.target === null) return 'target_missing';
  return now.base === null ? 'base_missing' : 'neq';
}

function unstableOf(
  { candidate }: WaitingCandidate,
  { now }: Extract<Finding, { now: unknown }>,
): UnstableKey {
  return { key: now.base?.key ?? candidate.key, type: typeOf(now) };
}
