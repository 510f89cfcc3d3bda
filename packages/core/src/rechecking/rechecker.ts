/**
 * Reads candidates again when they are due, and turns what stays different into events. When the queue is full it waits
 * for the oldest ones instead of taking more.
 */
import { Fault, type KeyTuple, type SomeCounts } from '@rowparity/contracts';
import type { Candidate } from '../comparing/candidate.ts';
import { STEP_RETRY, withRetry } from '../faults/retry.ts';
import { seededDraws } from '../hashing/draws.ts';
import type { Mark, ReplicationPosition } from '../ports/replicationPosition.ts';
import type { PageLimits, RowReader } from '../ports/rowSource.ts';
import { lagStep } from '../shards/lagSteps.ts';
import { Outbox } from '../shards/outbox.ts';
import type { Behind } from '../shards/shardOutcome.ts';
import type { Resting, ShardDeps, ShardWork } from '../shards/shardWork.ts';
import type { EndedRow, Teller, Telling } from '../shards/telling.ts';
import { mapSides } from '../sides/sides.ts';
import { CandidateQueue, KEYS_A_READ, type WaitingCandidate } from './candidateQueue.ts';
import {
  addLook,
  convergenceMs,
  type EvidenceNeeded,
  equalSinceMs,
  evidenceAtSight,
  followedSinceMs,
  judge,
  keyOf,
} from './evidence.ts';
import { FenceWaits, type MarkStates } from './fenceWaits.ts';
import type { KnownRoom } from './knownRoom.ts';
import { byPointReads, byRange, findInRange, hasOneSpelling } from './locateRows.ts';
import { type ConvergedLook, causesOf, type Looked, typeOf } from './looked.ts';
import type { PendingPage } from './pendingPages.ts';
import { proveAbsence, UnprovenAbsence } from './proveAbsence.ts';
import { FENCE_POLL_MS, FENCED_LOOKS, type RecheckPolicy, recheckPolicy } from './recheckPolicy.ts';
import {
  type Finding,
  type ListOf,
  type Locate,
  openRound,
  type Reading,
  type Round,
} from './recheckRound.ts';
import { type EndingPage, StillLooks } from './stillLooks.ts';

/** A point read costs a server about as much as ten rows of a range (measured). */
const DENSE_SHARE = 0.1;
/** Rows of a page's range when it is read again: its former rows, and some that came since. */
const RANGE_BYTES_MAX = 4 * 1024 * 1024;

/** Candidates that end together: what is made of each is gone before the next ones are judged. */
const ENDED_AT_ONCE = 200;
/** For a shorter time sessions are not given back. */
const REST_MS_MIN = 20;
/** Before such a wait it is worth a write to the ledger to tell what waits. */
const LONG_WAIT_MS = 2000;

export interface RecheckDeps
  extends Pick<ShardDeps, 'points' | 'sink' | 'clock' | 'convergence' | 'isWanted'> {
  readonly fence?: ReplicationPosition | undefined;
  readonly teller: Teller;
  readonly room: KnownRoom;
  /** In place of the pages' ranges, where candidates are keys alone. */
  prove?(reader: RowReader, keys: readonly KeyTuple[]): Promise<readonly (Reading | undefined)[]>;
}

interface LookTime {
  readonly nowMs: number;
  /** Taken after the rows were read; undefined where there is no fence. */
  readonly mark: Mark | undefined;
  readonly needed: EvidenceNeeded;
  /** Of the marks of the looks before. */
  readonly states: MarkStates;
}

export class Rechecker {
  readonly #work: ShardWork;
  readonly #deps: RecheckDeps;
  readonly #signal: AbortSignal;
  readonly #policy: RecheckPolicy;
  readonly #queue = new CandidateQueue();
  readonly #still: StillLooks;
  readonly #waits: FenceWaits;
  readonly #outbox: Outbox;
  #behind: Behind | undefined;

  constructor(work: ShardWork, deps: RecheckDeps, signal: AbortSignal) {
    this.#work = work;
    this.#deps = deps;
    this.#signal = signal;
    const draw = seededDraws(`${work.context.runId} ${work.shard} looks`);
    this.#policy = recheckPolicy(work.policy.recheck, deps.convergence, draw);
    this.#outbox = new Outbox({ ...deps, signal, retried: (step) => this.#retried(step) });
    const { clock, fence, points: readers } = deps;
    this.#waits = new FenceWaits({ clock, fence, signal, maxWaitMs: work.policy.recheck.maxWaitMs });
    this.#still = new StillLooks({
      ...{ readers, clock, fence, signal, policy: this.#policy, waits: this.#waits },
      plan: work.context.plan,
      needed: () => this.#needed(),
      limitsOf: rangeLimits,
    });
  }

  /** A candidate ended unstable because the downstream did not pass its mark in time: what was seen of it last. */
  get behind(): Behind | undefined {
    return this.#behind;
  }

  add(page: PendingPage, candidates: readonly Candidate[]): void {
    if (this.#isDense(page)) {
      this.#still.add(page, candidates);
      return;
    }
    const nowMs = this.#deps.clock.steadyNow();
    for (const candidate of candidates) {
      this.#hold({ candidate, page, evidence: evidenceAtSight(candidate.seen, nowMs) }, nowMs);
    }
  }

  /** Candidates of the page that ended without a look of their own. */
  async end(page: PendingPage, rows: readonly EndedRow[]): Promise<void> {
    const told = await this.#retried(() => this.#deps.teller.tell(rows));
    await this.#publish(told);
    for (const telling of told) this.#count(page, telling);
  }

  /** Candidates that have not ended. */
  get size(): number {
    return this.#queue.size + this.#still.held.size;
  }

  /** About what they take in memory. */
  get bytes(): number {
    return this.#queue.bytes + this.#still.held.bytes;
  }

  get isDone(): boolean {
    return this.size === 0;
  }

  /** A candidate is due, or so many are held that reading must wait for them. */
  get isDue(): boolean {
    if (this.#queue.isFull || this.#still.held.isFull) return true;
    return this.#waitMs <= 0;
  }

  /** The next look is due only after a while. */
  get isLongWait(): boolean {
    return !this.isDone && this.#waitMs >= LONG_WAIT_MS;
  }

  /** Milliseconds until the next look is due; negative when it is late. */
  get #waitMs(): number {
    return this.#nextDueAtMs - this.#deps.clock.steadyNow();
  }

  /** While too many candidates are held one by one, none are taken out of still pages. */
  get #nextDueAtMs(): number {
    const { nextDueAtMs } = this.#queue;
    return this.#queue.isFull ? nextDueAtMs : Math.min(nextDueAtMs, this.#still.held.nextDueAtMs);
  }

  /** Resolves when every event found so far is acknowledged. */
  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  /** Waits for the next candidates and looks at them. A resting shard takes its sessions for that time. */
  async recheckNext(resting?: Resting): Promise<void> {
    const waitMs = this.#waitMs;
    if (waitMs > 0) await this.#deps.clock.sleep(waitMs, this.#signal);
    await resting?.wake(this.#signal);
    do await this.#lookAtNext();
    while (resting && this.#waitMs <= REST_MS_MIN);
    await resting?.rest();
  }

  /** Those that are held one by one come first: a still page may add to them. */
  async #lookAtNext(): Promise<void> {
    const dueAtMs = Math.max(this.#still.held.nextDueAtMs, this.#deps.clock.steadyNow());
    if (this.#queue.isFull || this.#queue.nextDueAtMs <= dueAtMs) return this.#lookAtCandidates();
    const { moved, ending, states } = await this.#still.lookAtFirst();
    for (const waiting of moved) {
      this.#queue.hold(waiting, { nowMs: this.#deps.clock.steadyNow(), delayMs: 0 });
    }
    if (ending.length > 0) await this.#look(ending, states);
  }

  async #lookAtCandidates(): Promise<void> {
    const { clock } = this.#deps;
    const slice = this.#queue.nextSlice(clock.steadyNow(), (page) => this.#isDense(page));
    // Before the rows are read: what a look shows then holds all that the mark stands for.
    const states = await this.#waits.statesOf(slice);
    const isReady = ({ fenced }: WaitingCandidate) => !fenced || states.get(fenced.mark) === 'passed';
    const ready = slice.filter((waiting) => isReady(waiting) || this.#waits.isTooLong(waiting.fenced));
    this.#queue.letGo(slice);
    if (ready.length < slice.length) {
      const looked = new Set(ready);
      for (const waiting of slice) if (!looked.has(waiting)) this.#poll(waiting);
    }
    if (ready.length > 0) await this.#look(ready, states);
  }

  async #look(slice: EndingPage, states: MarkStates): Promise<void> {
    const round = await this.#openRound(slice);
    if (!round) {
      // Rows have grown, or many have come.
      const fewer = Math.min(KEYS_A_READ, Math.ceil(slice.length / 2));
      for (let from = 0; from < slice.length; from += fewer) {
        await this.#look(groupOf(slice, from, from + fewer), states);
      }
      return;
    }
    try {
      // A fence asks the readers, and then the rows that they gave are valid no more.
      const all = this.#deps.fence && round.findings(0, slice.length);
      const time = await this.#timeOf(states);
      for (let from = 0; from < slice.length; from += ENDED_AT_ONCE) {
        const upTo = Math.min(slice.length, from + ENDED_AT_ONCE);
        const findings = all?.slice(from, upTo) ?? round.findings(from, upTo);
        const ends = this.#endsOf(groupOf(slice, from, upTo), findings, time);
        const told = await this.#tell(ends);
        await this.#publish([...told.values()]);
        for (const end of ends) this.#settle(end, told.get(end), states);
      }
    } finally {
      round.close();
    }
  }

  /** What is the same for all candidates of a look. */
  async #timeOf(states: MarkStates): Promise<LookTime> {
    const { clock, fence } = this.#deps;
    const nowMs = clock.steadyNow();
    const mark = await fence?.mark(this.#signal);
    return { nowMs, mark, needed: await this.#needed(), states };
  }

  #endsOf(
    slice: readonly WaitingCandidate[],
    findings: readonly Finding[],
    { nowMs, mark, needed, states }: LookTime,
  ): readonly Looked[] {
    const { fence } = this.#deps;
    return slice.map((waiting, i): Looked => {
      const finding = findings[i] as Finding;
      if (finding.kind === 'duplicate') return { waiting, end: 'duplicate' };
      if (finding.kind === 'converged') {
        const sinceMs = equalSinceMs(waiting.evidence, finding.isStill);
        return { waiting, end: 'equal', isAbsent: finding.isAbsent, sinceMs };
      }
      const isEarly = waiting.evidence.earlyLooks < this.#policy.earlyLooks;
      const { evidence: known } = waiting;
      const look = {
        before: waiting.candidate.seen,
        now: finding,
        ...{ isEarly, nowMs, mark, upstream: fence?.upstream },
        isFenced: known.mark !== undefined && states.get(known.mark) === 'passed',
      };
      const evidence = addLook(known, look);
      const looked = { waiting, finding, evidence };
      const judgement = judge(evidence, look, needed);
      if (judgement.kind === 'converged') {
        return { waiting, end: 'follows', sinceMs: followedSinceMs(evidence, look) };
      }
      if (judgement.kind === 'enough') return { ...looked, end: 'confirmed', columns: judgement.columns };
      if (judgement.kind === 'fence' && mark && !this.#waits.isTooLong(waiting.fenced)) {
        return { ...looked, end: 'open', fenced: { mark, sinceMs: waiting.fenced?.sinceMs ?? nowMs } };
      }
      // What only needs time gets it: the time to stand still may have grown since the first look.
      const isUsedUp = evidence.looks >= this.#policy.looksMax && judgement.kind === 'more';
      const isLast = isUsedUp || this.#waits.isTooLong(waiting.fenced);
      return { ...looked, end: isLast ? 'unstable' : 'open' };
    });
  }

  /** The time to stand still grows with what all shards of the run have seen converge. */
  async #needed(): Promise<EvidenceNeeded> {
    const { clock, convergence, fence } = this.#deps;
    if (!fence) await this.#retried(() => convergence.refresh(clock.steadyNow()));
    const fencedLooks = fence ? FENCED_LOOKS : 0;
    return { looks: this.#policy.looks, fencedLooks, stillMs: this.#policy.stillMs() };
  }

  /** The look that comes may confirm it. */
  #mayEnd({ evidence }: WaitingCandidate): boolean {
    const { earlyLooks, looks } = this.#policy;
    return evidence.earlyLooks >= earlyLooks && evidence.looks + 1 >= looks;
  }

  #openRound(slice: EndingPage): Promise<Round | undefined> {
    const waitingAt = (place: number) => slice.at(place) as WaitingCandidate;
    const candidates = { length: slice.length, at: (place: number) => waitingAt(place).candidate };
    const { prove, points: readers } = this.#deps;
    const keyAt = (place: number) => waitingAt(place).candidate.key;
    return openRound(candidates, {
      ...{ plan: this.#work.context.plan, readers, locate: this.#locate(slice) },
      mayEnd: (place) => this.#mayEnd(waitingAt(place)),
      isFollowed: (place) => waitingAt(place).evidence.columns?.size !== 0,
      findInRanges: (reader, places) =>
        prove ? prove(reader, places.map(keyAt)) : this.#findInRanges(reader, slice, places),
    });
  }

  #locate(slice: EndingPage): Locate {
    const byPoints = byPointReads(this.#signal);
    const { page } = slice.at(0) as WaitingCandidate;
    if (slice.length <= KEYS_A_READ || !this.#isDense(page)) return byPoints;
    const asked = { range: page.range, limits: rangeLimits(page), digests: slice.rangeDigests };
    return byRange(asked, this.#signal);
  }

  /** One search a page, for all of its candidates. */
  async #findInRanges(
    reader: RowReader,
    slice: ListOf<WaitingCandidate>,
    places: readonly number[],
  ): Promise<readonly (Reading | undefined)[]> {
    const found = new Map<number, Reading | undefined>();
    const waitingAt = (place: number) => slice.at(place) as WaitingCandidate;
    for (const [page, own] of Map.groupBy(places, (place) => waitingAt(place).page)) {
      const keys = own.map((place) => waitingAt(place).candidate.key);
      const limits = { rows: page.rows + 1, bytes: RANGE_BYTES_MAX };
      const search = { range: page.range, keys, limits };
      const readings = page.isScattered
        ? await proveAbsence(reader, keys, this.#signal).catch(notByKey)
        : await findInRange(reader, search, this.#signal);
      for (const [i, place] of own.entries()) found.set(place, readings[i]);
    }
    return places.map((place) => found.get(place));
  }

  /** With this many candidates, reading the page again is cheaper than point reads. */
  #isDense(page: PendingPage): boolean {
    const { plan } = this.#work.context;
    return (
      !page.isScattered &&
      page.open > KEYS_A_READ &&
      page.open > page.rows * DENSE_SHARE &&
      hasOneSpelling(plan.key.map(({ kind }) => kind))
    );
  }

  /** Of those that have ended. */
  async #tell(ends: readonly Looked[]): Promise<ReadonlyMap<Looked, Telling>> {
    const nowMs = this.#deps.clock.steadyNow();
    const ended = ends.filter((looked) => looked.end !== 'open');
    const rows = ended.map((looked) => this.#endedRow(looked, nowMs));
    const tellings = rows.length > 0 ? await this.#retried(() => this.#deps.teller.tell(rows)) : [];
    return new Map(ended.map((looked, i) => [looked, tellings[i] as Telling]));
  }

  #endedRow(looked: Looked, nowMs: number): EndedRow {
    const candidate = looked.waiting.candidate.key;
    if (looked.end === 'duplicate') return { end: 'duplicate', candidate };
    if (looked.end === 'follows') return { end: 'follows', candidate, lag: this.#lagOf(looked, nowMs) };
    if (looked.end === 'equal') {
      return { end: 'equal', candidate, isAbsent: looked.isAbsent, lag: this.#lagOf(looked, nowMs) };
    }
    const { finding, evidence, columns } = looked;
    const type = typeOf(finding.now);
    const row = {
      ...{ type, key: keyOf(finding, candidate), ageMs: Math.round(nowMs - evidence.foundAtMs) },
      columns: type === 'neq' ? (columns ?? finding.columns.map(({ name }) => name)) : undefined,
      causes: causesOf(finding),
    };
    return { end: looked.end === 'confirmed' ? 'confirmed' : 'unstable', candidate, row };
  }

  async #publish(told: readonly Telling[]): Promise<void> {
    const { shard } = this.#work;
    await this.#outbox.publish(told.flatMap(({ event }) => (event ? [{ event, shard }] : [])));
  }

  /** The candidate waits for the downstream alone: no row is read until then. */
  #poll(waiting: WaitingCandidate): void {
    this.#queue.hold(waiting, { nowMs: this.#deps.clock.steadyNow(), delayMs: FENCE_POLL_MS });
  }

  #settle(looked: Looked, told: Telling | undefined, states: MarkStates): void {
    const { waiting } = looked;
    const { candidate, page } = waiting;
    if (told) {
      if (looked.end === 'unstable' && waiting.fenced)
        this.#behind = states.get(waiting.fenced.mark) === 'silent' ? 'silent' : 'behind';
      this.#count(page, told);
      return;
    }
    if (looked.end !== 'open') return;
    const { finding, evidence, fenced } = looked;
    const seen = mapSides(finding.now, (now) => now?.seen ?? null);
    const again = { candidate: { key: candidate.key, seen }, page, evidence, fenced };
    if (fenced) this.#poll(again);
    else this.#hold(again, this.#deps.clock.steadyNow());
  }

  #count(page: PendingPage, { unstable, known, add }: Telling): void {
    if (unstable) page.nameUnstable(unstable);
    if (known) page.keepKnown(known, this.#deps.room);
    page.endCandidate(add);
  }

  #hold(waiting: WaitingCandidate, nowMs: number): void {
    this.#queue.hold(waiting, { nowMs, delayMs: this.#policy.delayMs(waiting.evidence) });
  }

  #lagOf({ waiting, sinceMs }: ConvergedLook, nowMs: number): SomeCounts {
    const ms = convergenceMs(waiting.evidence, { sinceMs, nowMs });
    if (ms === undefined) return {};
    // Behind a fence lag is ruled out, however long it is: it must not make differences wait.
    if (!this.#deps.fence) this.#deps.convergence.observe(ms);
    return { [lagStep(ms)]: 1 };
  }

  #retried<T>(step: () => Promise<T>): Promise<T> {
    return withRetry(step, { policy: STEP_RETRY, clock: this.#deps.clock, signal: this.#signal });
  }
}

/** Of rows that are read by key alone, nothing else can be done. */
function notByKey(error: unknown): never {
  if (!(error instanceof UnprovenAbsence)) throw error;
  const message =
    'A row is there in the order of its key, and is not found by the value of the key. Such rows cannot be compared by key: compare the whole table.';
  throw new Fault('permanent', { code: 'KEY_NOT_USABLE', message });
}

function groupOf<T>(list: ListOf<T>, from: number, upTo: number): readonly T[] {
  const length = Math.min(upTo, list.length) - from;
  return Array.from({ length }, (_, i) => list.at(from + i) as T);
}

function rangeLimits({ rows }: PendingPage): PageLimits {
  return { rows: 2 * rows + 1, bytes: RANGE_BYTES_MAX };
}
