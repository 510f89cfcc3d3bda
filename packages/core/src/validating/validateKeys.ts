/**
 * Validates a shard that holds keys: known differences of another run. Each is read on both sides; what is still
 * different is rechecked by the same evidence as any candidate. No progress is committed before the end: a shard holds
 * few keys, and an attempt that dies costs their reads.
 */
import {
  isRecheck,
  type KeyTuple,
  type KnownDifference,
  SHARD_KEYS_MAX,
  zeroCounts,
} from '@rowparity/contracts';
import type { Candidate } from '../comparing/candidate.ts';
import { STEP_RETRY, withRetry } from '../faults/retry.ts';
import type { RowReader } from '../ports/rowSource.ts';
import { openFence } from '../positions/fencing.ts';
import { PendingPage, PendingPages } from '../rechecking/pendingPages.ts';
import { proveAbsence, UnprovenAbsence } from '../rechecking/proveAbsence.ts';
import { type Finding, readNow } from '../rechecking/readNow.ts';
import { Rechecker } from '../rechecking/rechecker.ts';
import { retriedReader } from '../rows/retriedReader.ts';
import type { Following } from '../shards/following.ts';
import { KnownAgain } from '../shards/knownAgain.ts';
import { rowIdOf } from '../shards/rowId.ts';
import { outcomeOfKeys, type ShardEnd } from '../shards/shardOutcome.ts';
import type { ShardDeps, ShardWork } from '../shards/shardWork.ts';
import type { EndedRow } from '../shards/telling.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { withinBudget } from './withinBudget.ts';

export interface KeysWork extends ShardWork {
  readonly keys: readonly KeyTuple[];
}

export type KeysDeps = ShardDeps & { readonly following: Following };

export async function validateKeys(work: KeysWork, given: KeysDeps, signal: AbortSignal): Promise<ShardEnd> {
  const deps = { ...withinBudget(given), following: given.following };
  const known = await knownBy(work, deps, signal);
  return new KeysValidation(work, { ...deps, known }, signal).run();
}

/** Throws when the ledger has lost one: what became of it could not be written. */
async function knownBy(
  { keys, context }: KeysWork,
  { following, clock }: KeysDeps,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, KnownDifference>> {
  const rowIds = keys.map((key) => rowIdOf(context.rows, key));
  const found = await withRetry(() => following.find(rowIds), { policy: STEP_RETRY, clock, signal });
  return new Map(found.flatMap((row) => (row ? [[row.rowId, row]] : [])));
}

interface Deps extends KeysDeps {
  readonly known: ReadonlyMap<string, KnownDifference>;
}

class KeysValidation {
  readonly #work: KeysWork;
  readonly #deps: Deps;
  readonly #signal: AbortSignal;
  readonly #pages = new PendingPages(SHARD_KEYS_MAX);
  readonly #points: Sides<RowReader>;
  readonly #rechecker: Rechecker;

  constructor(work: KeysWork, deps: Deps, signal: AbortSignal) {
    this.#work = work;
    this.#deps = deps;
    this.#signal = signal;
    const { context, policy } = work;
    const { clock, fencing, known } = deps;
    const retried = <T>(step: () => Promise<T>) => withRetry(step, { policy: STEP_RETRY, clock, signal });
    this.#points = mapSides(deps.points, (reader) => retriedReader(reader, retried));
    const points = this.#points;
    const teller = new KnownAgain({ context, clock, known, tellsResolved: policy.events.resolved });
    const fence = fencing && openFence(fencing, { readers: points, clock });
    const prove = (reader: RowReader, keys: readonly KeyTuple[]) => proveAbsence(reader, keys, signal);
    const { room } = this.#pages;
    this.#rechecker = new Rechecker(work, { ...deps, points, fence, teller, room, prove }, signal);
  }

  async run(): Promise<ShardEnd> {
    const { keys } = this.#work;
    const page = new PendingPage({
      ...{ range: { after: null, upTo: null }, rows: keys.length, counts: zeroCounts() },
      candidates: keys.length,
    });
    this.#pages.add(page);
    const { different, ended } = await this.#firstSight();
    await this.#rechecker.end(page, ended);
    this.#rechecker.add(page, different);
    if (!(await this.#recheckAll())) return { kind: 'lost' };
    const { counts: add, checkpoint: _, unstable: __, ...told } = this.#pages.takeSettled();
    await this.#rechecker.flush();
    const rest = { checkpoint: null, add, ...told };
    const hasRanges = !isRecheck(this.#work.policy);
    const outcome = outcomeOfKeys(add, { waited: this.#rechecker.behind, hasRanges });
    return { kind: 'ended', ...outcome, rest };
  }

  /** A shard that only waits needs neither slot nor sessions. False when the hold on it is lost. */
  async #recheckAll(): Promise<boolean> {
    const { resting } = this.#deps;
    const { size, bytes } = this.#rechecker;
    const isResting = size > 0 && (await resting?.begin(bytes));
    if (isResting) await resting?.rest();
    let told = 0;
    while (!this.#rechecker.isDone) {
      const waiting = this.#rechecker.size;
      if (waiting !== told && this.#rechecker.isLongWait) {
        if (!(await this.#tellPending(waiting))) return false;
        told = waiting;
      }
      await this.#rechecker.recheckNext(isResting ? resting : undefined);
    }
    return true;
  }

  async #tellPending(candidates: number): Promise<boolean> {
    const pending = { rows: this.#pages.rows, candidates };
    const written = await this.#deps.commit({ checkpoint: null, add: zeroCounts(), pending });
    return written.kind === 'written';
  }

  /** What is equal at once needs no second look, as in a pass over a range. */
  async #firstSight(): Promise<{ different: readonly Candidate[]; ended: readonly EndedRow[] }> {
    const hidden: EndedRow[] = [];
    let keys = this.#work.keys;
    for (;;) {
      try {
        const findings = await this.#look(keys);
        const different = keys.flatMap((key, i) => candidateOf(key, findings[i] as Finding));
        const ended = keys.flatMap((key, i) => endOf(key, findings[i] as Finding));
        return { different, ended: [...hidden, ...ended] };
      } catch (error) {
        if (!(error instanceof UnprovenAbsence)) throw error;
        const odd = error.key;
        hidden.push({ end: 'duplicate', candidate: odd });
        keys = keys.filter((key) => key !== odd);
      }
    }
  }

  #look(keys: readonly KeyTuple[]): Promise<readonly Finding[]> {
    const { plan } = this.#work.context;
    return readNow(keys, {
      ...{ plan, readers: this.#points, signal: this.#signal },
      prove: (reader, asked) => proveAbsence(reader, asked, this.#signal),
    });
  }
}

function candidateOf(key: KeyTuple, finding: Finding): Candidate[] {
  if (finding.kind !== 'different') return [];
  return [{ key, seen: mapSides(finding.now, (now) => now?.seen ?? null) }];
}

function endOf(key: KeyTuple, finding: Finding): EndedRow[] {
  if (finding.kind === 'different') return [];
  if (finding.kind === 'duplicate') return [{ end: 'duplicate', candidate: key }];
  return [{ end: 'equal', candidate: key, isAbsent: finding.isAbsent, lag: {} }];
}
