/**
 * Validates one shard of a table whose rows have no key to read by: both servers sum the digests of their rows by
 * bucket, and only buckets whose sums differ are read, row digest by row digest, a batch at a time. What differs is
 * looked at again after each delay, like any candidate: still different and unchanged is confirmed. A pass over the
 * table is expensive, so a batch takes one pass for each look.
 */
import { addCounts, type Counts, type KeyTuple, zeroCounts } from '@rowparity/contracts';
import { STEP_RETRY, withRetry } from '../faults/retry.ts';
import { seededDraws } from '../hashing/draws.ts';
import type { PlacedEvent } from '../ports/eventSink.ts';
import type { MultisetReader } from '../ports/multisetReader.ts';
import type { Mark, MarkState, ReplicationPosition } from '../ports/replicationPosition.ts';
import { openFence } from '../positions/fencing.ts';
import { PendingPage, PendingPages } from '../rechecking/pendingPages.ts';
import {
  FENCE_POLL_MS,
  FENCED_LOOKS,
  type RecheckPolicy,
  recheckPolicy,
} from '../rechecking/recheckPolicy.ts';
import { retriedReader } from '../rows/retriedReader.ts';
import { eventOf } from '../shards/eventOf.ts';
import { lagStep } from '../shards/lagSteps.ts';
import { Outbox } from '../shards/outbox.ts';
import { type Behind, outcomeOf, type ShardEnd } from '../shards/shardOutcome.ts';
import type { ShardDeps, ShardWork } from '../shards/shardWork.ts';
import { COUNT_OF } from '../shards/telling.ts';
import { bothSides, mapSides, type Sides } from '../sides/sides.ts';
import { type BucketBatch, batchesOf } from './bucketBatches.ts';
import { differencesOf, type SeenRows, SideRows } from './bucketDifferences.ts';
import { recallMultisets } from './multisetRecall.ts';

/** Events that one call of the sink takes. */
const EVENTS_A_PUBLISH = 500;

type Seen = ReadonlyMap<bigint, SeenRows>;

export async function validateMultisets(
  work: ShardWork,
  deps: ShardDeps & { readonly multisets: Sides<MultisetReader> },
  signal: AbortSignal,
): Promise<ShardEnd> {
  return new MultisetValidation(work, deps, signal).run();
}

class MultisetValidation {
  readonly #work: ShardWork;
  readonly #deps: ShardDeps & { readonly multisets: Sides<MultisetReader> };
  readonly #signal: AbortSignal;
  readonly #outbox: Outbox;
  readonly #policy: RecheckPolicy;
  readonly #fence: ReplicationPosition | undefined;
  readonly #pages: PendingPages;
  #behind: Behind | undefined;
  #checkpoint: KeyTuple | null;
  #counts: Counts;

  constructor(
    work: ShardWork,
    deps: ShardDeps & { readonly multisets: Sides<MultisetReader> },
    signal: AbortSignal,
  ) {
    this.#work = work;
    this.#deps = deps;
    this.#signal = signal;
    this.#pages = new PendingPages(work.policy.known.keep);
    this.#checkpoint = work.checkpoint;
    this.#counts = work.counts;
    const draw = seededDraws(`${work.context.runId} ${work.shard} looks`);
    this.#policy = recheckPolicy(work.policy.recheck, deps.convergence, draw);
    this.#outbox = new Outbox({ ...deps, signal, retried: (step) => this.#retried(step) });
    const { points, clock, fencing } = deps;
    const readers = mapSides(points, (reader) => retriedReader(reader, (step) => this.#retried(step)));
    this.#fence = fencing && openFence(fencing, { readers, clock });
  }

  async run(): Promise<ShardEnd> {
    const { range, checkpoint, context, shard } = this.#work;
    const rest = { after: checkpoint ?? range.after, upTo: range.upTo };
    const readers = this.#deps.multisets;
    const retried = <T>(step: () => Promise<T>) => this.#retried(step);
    const recalled = await recallMultisets({
      ...{ runId: context.runId, shard, plan: context.plan },
      ...{ readers, signal: this.#signal, retried },
    });
    const sums = await bothSides(readers, (reader) => retried(() => reader.sums(rest, this.#signal)));
    for (const [i, batch] of batchesOf(sums).entries()) {
      this.#signal.throwIfAborted();
      const page = pageOf(batch, this.#checkpoint ?? rest.after, rest.upTo);
      if (i === 0) page.count(recalled);
      await this.#settleBatch(batch, page);
      this.#pages.add(page);
      if (batch.upTo !== undefined && !(await this.#commit())) return { kind: 'lost' };
    }
    const settled = await this.#takeSettled();
    return { kind: 'ended', ...outcomeOf(this.#counts, this.#behind), rest: settled };
  }

  /** One look, and more of them, after a delay each, for what differs. */
  async #settleBatch({ differing }: BucketBatch, page: PendingPage): Promise<void> {
    if (differing.length === 0) return;
    let waiting = await this.#look(differing);
    page.count({ candidates: waiting.size });
    const fencedLooks = this.#fence ? FENCED_LOOKS : 0;
    const still = new StillRows({ policy: this.#policy, fencedLooks }, this.#deps.clock.steadyNow());
    let mark: Mark | undefined;
    for (let looks = 0; waiting.size > 0; looks += 1) {
      const delayMs = this.#policy.delayMs({ looks, earlyLooks: this.#policy.earlyLooks });
      await this.#deps.clock.sleep(still.awaitsFence ? FENCE_POLL_MS : delayMs, this.#signal);
      // Before the rows are read: what a look shows then holds all that the mark stands for.
      const fence = mark && (await this.#stateOf(mark, still));
      const now = await this.#look(differing, waiting);
      mark = await this.#fence?.mark(this.#signal);
      if (!this.#fence)
        await this.#retried(() => this.#deps.convergence.refresh(this.#deps.clock.steadyNow()));
      const isLast = looks + 1 >= this.#policy.looksMax;
      waiting = await this.#judge({ waiting, now, still, isLast, fence }, page);
    }
  }

  /** Of the mark, now. Where some rows wait for nothing else: when it is passed, or after the spec's longest wait. */
  async #stateOf(mark: Mark, { awaitsFence, fencedSinceMs }: StillRows): Promise<MarkState | undefined> {
    const { clock } = this.#deps;
    const { maxWaitMs } = this.#work.policy.recheck;
    for (;;) {
      const state = await this.#fence?.stateOf(mark, this.#signal);
      const isLate = clock.steadyNow() - fencedSinceMs > maxWaitMs;
      if (state === 'passed' || !awaitsFence || isLate) return state;
      await clock.sleep(FENCE_POLL_MS, this.#signal);
    }
  }

  /** Rows that were equal at the first look are compared; rows that came later are not requested. */
  async #look(buckets: readonly number[], wanted?: Seen): Promise<Seen> {
    const sides = await bothSides(this.#deps.multisets, (reader) =>
      this.#retried(async () => {
        const rows = new SideRows(wanted);
        for await (const chunk of reader.rows(buckets, this.#signal)) rows.add(chunk);
        return rows;
      }),
    );
    return differencesOf(sides);
  }

  /** What is still waiting, as it was seen now. */
  async #judge(look: MultisetLook, page: PendingPage): Promise<Seen> {
    const { waiting, now, still, isLast, fence } = look;
    const moving = new Map<bigint, SeenRows>();
    const events: PlacedEvent[] = [];
    const nowMs = this.#deps.clock.steadyNow();
    const isFenced = fence === 'passed';
    const isTooLate = still.awaitsFence && !isFenced;
    still.begin(nowMs);
    for (const [identity, before] of waiting) {
      const seen = now.get(identity);
      if (!seen) {
        const ms = still.convergenceMs(identity, nowMs);
        page.count({ converged: 1, [lagStep(ms)]: 1 });
        if (!this.#fence) this.#deps.convergence.observe(ms);
        continue;
      }
      const judgement = still.judge(identity, { isSame: isSameState(before, seen), isFenced, nowMs });
      const isStill = judgement === 'enough';
      const isBehind = judgement === 'fence' && isTooLate;
      if (isBehind) this.#behind = fence === 'silent' ? 'silent' : 'behind';
      if (isStill || isBehind || (isLast && judgement === 'more')) {
        this.#count(page, { identity, seen, isStill, ageMs: still.ageMs(nowMs) });
        events.push(this.#eventOf(identity, seen, isStill));
      } else {
        moving.set(identity, seen);
      }
      if (events.length === EVENTS_A_PUBLISH) await this.#outbox.publish(events.splice(0));
    }
    still.lookedAtMs = nowMs;
    await this.#outbox.publish(events);
    return moving;
  }

  #count(page: PendingPage, found: EndedRow): void {
    const { type, rows } = this.#typeOf(found.seen);
    if (found.isStill) {
      page.count({ [COUNT_OF[type]]: rows });
      // Such a row cannot be read by its key later, so it is only counted.
      page.countKeyless(type, rows);
      return;
    }
    page.count({ unstable: 1 });
    const { ageMs } = found;
    page.nameUnstable({ key: this.#keyOf(found.identity, found.seen), type, columns: [], ageMs });
  }

  #eventOf(identity: bigint, seen: SeenRows, isStable: boolean): PlacedEvent {
    const { context, shard } = this.#work;
    const key = this.#keyOf(identity, seen);
    // None of them is kept by key: where an earlier run had any, what is new cannot be told.
    const isNew = this.#deps.following?.isWhole ?? true;
    const state = isNew ? 'new' : undefined;
    const found = { ...this.#typeOf(seen), key, columns: undefined, isStable, state } as const;
    return { event: eventOf(context, { ...found, detectedAtMs: this.#deps.clock.now() }), shard };
  }

  #keyOf(identity: bigint, { key }: SeenRows): KeyTuple {
    return this.#hasKey ? key : [identity.toString(16).padStart(16, '0')];
  }

  /** Without a key, a changed row counts as one missing row and one extra row. */
  #typeOf({ state, rows }: SeenRows): { readonly type: keyof typeof COUNT_OF; readonly rows: number } {
    if (this.#hasKey) {
      const type = state.target === '' ? 'target_missing' : state.base === '' ? 'base_missing' : 'neq';
      return { type, rows: 1 };
    }
    return rows.base > 0
      ? { type: 'target_missing', rows: rows.base }
      : { type: 'base_missing', rows: rows.target };
  }

  get #hasKey(): boolean {
    return this.#work.context.plan.key.length > 0;
  }

  /** False when the hold on the shard is lost. */
  async #commit(): Promise<boolean> {
    const written = await this.#deps.commit(await this.#takeSettled());
    return written.kind === 'written';
  }

  async #takeSettled() {
    const settled = this.#pages.takeSettled();
    await this.#outbox.flush();
    if (settled.checkpoint !== undefined) this.#checkpoint = settled.checkpoint ?? this.#checkpoint;
    this.#counts = addCounts(this.#counts, settled.counts);
    const { counts: add, checkpoint: _, ...told } = settled;
    return { checkpoint: this.#checkpoint, add, ...told };
  }

  #retried<T>(step: () => Promise<T>): Promise<T> {
    return withRetry(step, { policy: STEP_RETRY, clock: this.#deps.clock, signal: this.#signal });
  }
}

interface StillLook {
  readonly isSame: boolean;
  readonly isFenced: boolean;
  readonly nowMs: number;
}

interface EndedRow {
  readonly identity: bigint;
  readonly seen: SeenRows;
  readonly isStill: boolean;
  readonly ageMs: number;
}

interface MultisetLook {
  readonly waiting: Seen;
  readonly now: Seen;
  readonly still: StillRows;
  readonly isLast: boolean;
  /** Of the mark that was taken after the look before. */
  readonly fence: MarkState | undefined;
}

interface StillInput {
  readonly policy: RecheckPolicy;
  /** 0 without a fence. */
  readonly fencedLooks: number;
}

interface StillRow {
  readonly looks: number;
  readonly sinceMs: number;
  /** Looks of those that the fence covers. */
  readonly fenced: number;
}

/** How long each identity has stood still. */
class StillRows {
  readonly #input: StillInput;
  /** When the rows were seen first. */
  readonly #beganAtMs: number;
  readonly #still = new Map<bigint, StillRow>();
  /** Time of the last look. */
  lookedAtMs: number;
  /** At the last look some rows lacked nothing but looks that the fence covers. */
  awaitsFence = false;
  /** Since when, without a pause. */
  fencedSinceMs: number;

  constructor(input: StillInput, beganAtMs: number) {
    this.#input = input;
    this.#beganAtMs = beganAtMs;
    this.lookedAtMs = beganAtMs;
    this.fencedSinceMs = beganAtMs;
  }

  /** A look is judged. */
  begin(nowMs: number): void {
    if (!this.awaitsFence) this.fencedSinceMs = nowMs;
    this.awaitsFence = false;
  }

  /** `time`: it stands still, but not for long enough yet; `fence`: it lacks looks that the fence covers. */
  judge(identity: bigint, look: StillLook): 'enough' | 'time' | 'fence' | 'more' {
    const { isSame, isFenced, nowMs } = look;
    const { policy, fencedLooks } = this.#input;
    const before = this.#still.get(identity);
    const looks = before?.looks ?? 0;
    // A mark counts for what was seen twice alike: the one after the first sight does not.
    const fenced = (before?.fenced ?? 0) + (isFenced && looks > 0 ? 1 : 0);
    const now = isSame
      ? { looks: looks + 1, sinceMs: this.#sinceMs(identity), fenced }
      : { looks: 0, sinceMs: nowMs, fenced: 0 };
    this.#still.set(identity, now);
    if (now.looks < policy.looks) return 'more';
    if (nowMs - now.sinceMs < policy.stillMs()) return 'time';
    if (now.fenced >= fencedLooks) return 'enough';
    this.awaitsFence = true;
    return 'fence';
  }

  /** From the last change that was seen to the middle of the last two looks: the rows became equal between them. */
  convergenceMs(identity: bigint, nowMs: number): number {
    return Math.max(0, (this.lookedAtMs + nowMs) / 2 - this.#sinceMs(identity));
  }

  /** Since the first sight. */
  ageMs(nowMs: number): number {
    return Math.round(nowMs - this.#beganAtMs);
  }

  #sinceMs(identity: bigint): number {
    return this.#still.get(identity)?.sinceMs ?? this.#beganAtMs;
  }
}

function isSameState(a: SeenRows, b: SeenRows): boolean {
  return a.state.base === b.state.base && a.state.target === b.state.target;
}

function pageOf(batch: BucketBatch, after: KeyTuple | null, end: KeyTuple | null): PendingPage {
  const { rows } = batch;
  const upTo = batch.upTo === undefined ? end : [String(batch.upTo)];
  const counts = { ...zeroCounts(), rowsBase: rows.base, rowsTarget: rows.target };
  return new PendingPage({
    range: { after, upTo },
    rows: Math.max(rows.base, rows.target),
    counts,
    candidates: 0,
  });
}
