/**
 * Candidates between two looks, each with the time of its next look. Pure: it receives the time and reads nothing.
 * Bounded in key length and in number; it holds no rows.
 */
import type { Candidate } from '../comparing/candidate.ts';
import type { Mark } from '../ports/replicationPosition.ts';
import type { Evidence } from './evidence.ts';
import type { PendingPage } from './pendingPages.ts';

/** Limits on the held candidates: characters of their keys, and their number. Beyond them, reading waits. */
const HELD_KEY_CHARS_MAX = 3 * 1024 * 1024;
const HELD_CANDIDATES_MAX = 8000;
/** What one candidate with its evidence takes beside its key, measured: some fifteen small objects. */
const CANDIDATE_BYTES = 1024;
/** A string of JavaScript takes as much where not all of it is Latin. */
const CHAR_BYTES = 2;
/** Keys that one statement reads again: enough to hide the round trip, few enough for any key width. */
export const KEYS_A_READ = 200;
/** Bytes of rows that one statement reads again, as seen before: less than a reader takes at once (packages/mysql). */
const ROW_BYTES_A_READ = 3.5 * 1024 * 1024;

export interface WaitingCandidate {
  readonly candidate: Candidate;
  /** The page of the candidate: it cannot be committed before the candidate has ended. */
  readonly page: PendingPage;
  readonly evidence: Evidence;
  /** The candidate waits for the downstream to pass this mark, and for nothing else. */
  readonly fenced?: Fenced | undefined;
}

export interface HoldInput {
  readonly nowMs: number;
  /** Milliseconds from now to the next look. */
  readonly delayMs: number;
}

export interface Fenced {
  readonly mark: Mark;
  readonly sinceMs: number;
}

interface Held extends WaitingCandidate {
  readonly dueAtMs: number;
}

export class CandidateQueue {
  /** One queue a delay, so each is in the order of its due times. */
  readonly #queues = new Map<number, Held[]>();
  #size = 0;
  #keyChars = 0;

  get size(): number {
    return this.#size;
  }

  /** About what they take in memory. */
  get bytes(): number {
    return CANDIDATE_BYTES * this.#size + CHAR_BYTES * this.#keyChars;
  }

  get isFull(): boolean {
    return this.#size > HELD_CANDIDATES_MAX || this.#keyChars > HELD_KEY_CHARS_MAX;
  }

  /** `Infinity` when no candidate is held. */
  get nextDueAtMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const [first] of this.#queues.values()) nextMs = Math.min(nextMs, first?.dueAtMs ?? nextMs);
    return nextMs;
  }

  hold(waiting: WaitingCandidate, { nowMs, delayMs }: HoldInput): void {
    const queue = this.#queues.get(delayMs) ?? [];
    this.#queues.set(delayMs, queue);
    queue.push({ ...waiting, dueAtMs: nowMs + delayMs });
    this.#size += 1;
    this.#keyChars += keyChars(waiting.candidate);
  }

  /**
   * The due candidates that one reading takes: all of one page if it is dense, else a few keys of any page. They stay
   * in the queue until they are released.
   */
  nextSlice(nowMs: number, isDense: (page: PendingPage) => boolean): readonly WaitingCandidate[] {
    const queue = this.#firstDue();
    const [first] = queue;
    if (!first) return [];
    // A timer may fire a little early.
    const dueUpToMs = Math.max(nowMs, first.dueAtMs);
    const isOfOnePage = isDense(first.page);
    let count = 0;
    let bytes = 0;
    for (const { candidate, page, dueAtMs } of queue) {
      bytes += rowBytes(candidate);
      const fits = count < KEYS_A_READ && (count === 0 || bytes <= ROW_BYTES_A_READ);
      if (!(isOfOnePage ? page === first.page : fits) || dueAtMs > dueUpToMs) break;
      count += 1;
    }
    return queue.slice(0, count);
  }

  /** The candidates of a slice leave: each ends now, or is held for its next look. */
  letGo(slice: readonly WaitingCandidate[]): void {
    for (const [delayMs, queue] of this.#queues) {
      if (queue[0] === undefined || queue[0] !== slice[0]) continue;
      queue.splice(0, slice.length);
      if (queue.length === 0) this.#queues.delete(delayMs);
      this.#size -= slice.length;
      for (const { candidate } of slice) this.#keyChars -= keyChars(candidate);
      return;
    }
    throw new Error('Only the slice that was given last can be let go.');
  }

  #firstDue(): readonly Held[] {
    const dueAtMs = this.nextDueAtMs;
    for (const queue of this.#queues.values()) if (queue[0]?.dueAtMs === dueAtMs) return queue;
    return [];
  }
}

function keyChars({ key }: Candidate): number {
  return key.reduce((sum, { length }) => sum + length, 0);
}

/** Of the larger side. */
function rowBytes({ seen }: Candidate): number {
  return Math.max(seen.base?.bytes ?? 0, seen.target?.bytes ?? 0);
}
