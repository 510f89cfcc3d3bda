/**
 * Holds candidates until they are due, reads them again, and turns what stays different into events (DESIGN §6).
 * Bounded: beyond its limits it waits for the oldest ones instead of taking more.
 */
import { type Counts, plusCounts } from '@rowparity/contracts';
import type { Candidate } from '../comparing/candidate.ts';
import { STEP_RETRY, withRetry } from '../faults/retry.ts';
import type { UnstableKey } from '../ports/ledger.ts';
import type { RowReader } from '../ports/rowSource.ts';
import { eventOf } from '../shards/eventOf.ts';
import { Outbox } from '../shards/outbox.ts';
import type { ShardPorts, ShardWork } from '../shards/shardWork.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { byPointReads, byRange, findInRange, hasOneSpelling, type Retried } from './locateRows.ts';
import { nameUnstable, type PendingPage } from './pendingPages.ts';
import { type Finding, type Locate, type Reading, recheckRound, type SeenReading } from './recheckRound.ts';

/** Keys that one statement reads again: enough to hide the round trip, few enough for any key width. */
const KEYS_A_READ = 200;
/**
 * Bytes of the rows that one statement reads again, by what was seen: less than a reader takes at once
 * (packages/mysql).
 */
const ROW_BYTES_A_READ = 3.5 * 1024 * 1024;
/** A point read costs a server about as much as ten rows of a range (measured). */
const DENSE_SHARE = 0.1;
/** Rows of a page's range when it is read again: what it had, and what came since. */
const RANGE_BYTES_MAX = 4 * 1024 * 1024;
/** Candidates held at once, their keys in characters and their number: beyond, reading on waits. Rows are not held. */
const HELD_KEY_CHARS_MAX = 3 * 1024 * 1024;
const HELD_CANDIDATES_MAX = 8000;

interface Waiting {
  readonly candidate: Candidate;
  readonly page: PendingPage;
  readonly round: number;
  readonly dueAtMs: number;
}

export class Rechecker {
  readonly #work: ShardWork;
  readonly #ports: ShardPorts;
  readonly #signal: AbortSignal;
  /** One queue a round: within a round all delays are equal, so each queue is in the order of its due times. */
  readonly #rounds: Waiting[][];
  readonly #outbox: Outbox;
  #held = 0;
  #heldKeyChars = 0;

  constructor(work: ShardWork, ports: ShardPorts, signal: AbortSignal) {
    this.#work = work;
    this.#ports = ports;
    this.#signal = signal;
    this.#rounds = work.policy.recheck.delaysMs.map(() => []);
    this.#outbox = new Outbox({ sink: ports.sink, signal, retried: (step) => this.#retried(step) });
  }

  add(page: PendingPage, candidates: readonly Candidate[]): void {
    for (const candidate of candidates) this.#hold({ candidate, page, round: 0 });
  }

  /** Rechecks what is due; when too much is held, also waits for what is not due yet. */
  async recheckDue(): Promise<void> {
    while (this.#isFull() || this.#nextDueAtMs() <= this.#ports.clock.steadyNow()) await this.#recheckNext();
  }

  /** Until no candidate is left. */
  async recheckAll(): Promise<void> {
    while (this.#held > 0) await this.#recheckNext();
  }

  /** Resolves when every event found so far is acknowledged. */
  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  #isFull(): boolean {
    return this.#held > HELD_CANDIDATES_MAX || this.#heldKeyChars > HELD_KEY_CHARS_MAX;
  }

  #nextDueAtMs(): number {
    return Math.min(...this.#rounds.map((round) => round[0]?.dueAtMs ?? Number.POSITIVE_INFINITY));
  }

  async #recheckNext(): Promise<void> {
    const dueAtMs = this.#nextDueAtMs();
    const { clock } = this.#ports;
    const waitMs = dueAtMs - clock.steadyNow();
    if (waitMs > 0) await clock.sleep(waitMs, this.#signal);
    const round = this.#rounds.find((queue) => queue[0]?.dueAtMs === dueAtMs) ?? [];
    const slice = this.#nextSlice(round, dueAtMs);
    const findings = await this.#look(slice);
    await this.#publish(slice, findings);
    round.splice(0, slice.length);
    for (const [i, waiting] of slice.entries()) this.#settle(waiting, findings[i] as Finding);
  }

  async #look(slice: readonly Waiting[]): Promise<readonly Finding[]> {
    const candidates = slice.map((waiting) => waiting.candidate);
    const findings = await recheckRound(candidates, {
      plan: this.#work.context.plan,
      readers: this.#ports.points,
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

  /** What one reading takes in: of one page as much as is due where it is dense, else a few keys of any page. */
  #nextSlice(round: readonly Waiting[], dueAtMs: number): readonly Waiting[] {
    // A timer may fire a little early.
    const nowMs = Math.max(this.#ports.clock.steadyNow(), dueAtMs);
    const first = round[0] as Waiting;
    const isDense = this.#isDense(first.page);
    let count = 0;
    let bytes = 0;
    for (const waiting of round) {
      bytes += rowBytes(waiting.candidate);
      const fits = count < KEYS_A_READ && (count === 0 || bytes <= ROW_BYTES_A_READ);
      const belongs = isDense ? waiting.page === first.page : fits;
      if (!belongs || waiting.dueAtMs > nowMs) break;
      count += 1;
    }
    return round.slice(0, count);
  }

  #locate(slice: readonly Waiting[]): Locate {
    const retried: Retried = (step) => this.#retried(step);
    const byPoints = byPointReads(retried, this.#signal);
    const { page } = slice[0] as Waiting;
    if (slice.length <= KEYS_A_READ || !this.#isDense(page)) return byPoints;
    const limits = { rows: 2 * page.rows + 1, bytes: RANGE_BYTES_MAX };
    return byRange({ range: page.range, limits }, retried, this.#signal);
  }

  /** One search a page, for all of its candidates. */
  async #findInRanges(
    reader: RowReader,
    slice: readonly Waiting[],
    places: readonly number[],
  ): Promise<readonly (Reading | undefined)[]> {
    const found = new Map<number, Reading | undefined>();
    const retried: Retried = (step) => this.#retried(step);
    for (const [page, own] of Map.groupBy(places, (place) => (slice[place] as Waiting).page)) {
      const keys = own.map((place) => (slice[place] as Waiting).candidate.key);
      const limits = { rows: page.rows + 1, bytes: RANGE_BYTES_MAX };
      const search = { range: page.range, keys, limits };
      const readings = await findInRange(reader, search, { retried, signal: this.#signal });
      for (const [i, place] of own.entries()) found.set(place, readings[i]);
    }
    return places.map((place) => found.get(place));
  }

  /** So many candidates that reading the page again is cheaper than asking for each. */
  #isDense(page: PendingPage): boolean {
    const { plan } = this.#work.context;
    return (
      page.open > KEYS_A_READ &&
      page.open > page.rows * DENSE_SHARE &&
      hasOneSpelling(plan.key.map(({ kind }) => kind))
    );
  }

  async #publish(slice: readonly Waiting[], findings: readonly Finding[]): Promise<void> {
    const events = slice.flatMap((waiting, i) => {
      const finding = findings[i] as Finding;
      const isUnstable = finding.kind === 'moving' && this.#isLastRound(waiting);
      if (finding.kind !== 'confirmed' && !isUnstable) return [];
      return [{ event: this.#eventOf(waiting, finding, !isUnstable), shard: this.#work.shard }];
    });
    await this.#outbox.publish(events);
  }

  #eventOf(waiting: Waiting, { now, columns }: Extract<Finding, { now: unknown }>, isStable: boolean) {
    const type = typeOf(now);
    return eventOf(this.#work.context, {
      type,
      key: now.base?.key ?? waiting.candidate.key,
      columns: type === 'neq' ? columns : undefined,
      isStable,
      detectedAtMs: this.#ports.clock.now(),
    });
  }

  #settle(waiting: Waiting, finding: Finding): void {
    this.#letGo(waiting);
    const ended = this.#endOf(waiting, finding);
    if (ended) {
      waiting.page.counts = plusCounts(waiting.page.counts, ended);
      waiting.page.open -= 1;
      if (ended.unstable && finding.kind === 'moving')
        nameUnstable(waiting.page, unstableOf(waiting, finding));
    } else if (finding.kind === 'moving') {
      const seen = mapSides(finding.now, (now) => now?.seen ?? null);
      const candidate = { key: waiting.candidate.key, seen };
      this.#hold({ candidate, page: waiting.page, round: waiting.round + 1 });
    }
  }

  /** What the end of a candidate counts; undefined while it has not ended. */
  #endOf(waiting: Waiting, finding: Finding): Partial<Counts> | undefined {
    switch (finding.kind) {
      case 'duplicate':
        return {};
      case 'converged':
        return { candidates: 1, converged: 1 };
      case 'confirmed':
        return { candidates: 1, [COUNT_OF[typeOf(finding.now)]]: 1 };
      case 'moving':
        return this.#isLastRound(waiting) ? { candidates: 1, unstable: 1 } : undefined;
    }
  }

  #hold(entry: Omit<Waiting, 'dueAtMs'>): void {
    const delayMs = this.#work.policy.recheck.delaysMs[entry.round] ?? 0;
    this.#rounds[entry.round]?.push({ ...entry, dueAtMs: this.#ports.clock.steadyNow() + delayMs });
    this.#held += 1;
    this.#heldKeyChars += keyChars(entry.candidate);
  }

  #letGo(waiting: Waiting): void {
    this.#held -= 1;
    this.#heldKeyChars -= keyChars(waiting.candidate);
  }

  #isLastRound(waiting: Waiting): boolean {
    return waiting.round === this.#rounds.length - 1;
  }

  #retried<T>(step: () => Promise<T>): Promise<T> {
    return withRetry(step, { policy: STEP_RETRY, clock: this.#ports.clock, signal: this.#signal });
  }
}

const COUNT_OF = { target_missing: 'targetMissing', neq: 'neq', base_missing: 'baseMissing' } as const;

function typeOf(now: Sides<SeenReading | null>): keyof typeof COUNT_OF {
  if (now.target === null) return 'target_missing';
  return now.base === null ? 'base_missing' : 'neq';
}

function unstableOf({ candidate }: Waiting, { now }: Extract<Finding, { now: unknown }>): UnstableKey {
  return { key: now.base?.key ?? candidate.key, type: typeOf(now) };
}

function keyChars({ key }: Candidate): number {
  return key.reduce((sum, { length }) => sum + length, 0);
}

/** Of the larger side. */
function rowBytes({ seen }: Candidate): number {
  return Math.max(seen.base?.bytes ?? 0, seen.target?.bytes ?? 0);
}
