/**
 * Candidates between two looks, each with the time of its next look. Pure: it receives the time and reads nothing.
 * Bounded in key length and in number; it holds no rows.
 */
import type { Candidate } from '../comparing/candidate.ts';
import type { PendingPage } from './pendingPages.ts';

/** Limits on the held candidates: characters of their keys, and their number. Beyond them, reading waits. */
const HELD_KEY_CHARS_MAX = 3 * 1024 * 1024;
const HELD_CANDIDATES_MAX = 8000;
/** Keys that one statement reads again: enough to hide the round trip, few enough for any key width. */
export const KEYS_A_READ = 200;
/** Bytes of rows that one statement reads again, as seen before: less than a reader takes at once (packages/mysql). */
const ROW_BYTES_A_READ = 3.5 * 1024 * 1024;

export interface WaitingCandidate {
  readonly candidate: Candidate;
  /** The page of the candidate: it cannot be committed before the candidate has ended. */
  readonly page: PendingPage;
  /** Looks that it had since it was found. */
  readonly round: number;
}

interface Held extends WaitingCandidate {
  readonly dueAtMs: number;
}

export class CandidateQueue {
  readonly #delaysMs: readonly number[];
  /** One queue for each round: within a round all delays are equal, so each queue is in the order of its due times. */
  readonly #rounds: Held[][];
  #size = 0;
  #keyChars = 0;

  /** Milliseconds from the first sight to the first look, from there to the second one, and so on. */
  constructor(delaysMs: readonly number[]) {
    this.#delaysMs = delaysMs;
    this.#rounds = delaysMs.map(() => []);
  }

  get size(): number {
    return this.#size;
  }

  get isFull(): boolean {
    return this.#size > HELD_CANDIDATES_MAX || this.#keyChars > HELD_KEY_CHARS_MAX;
  }

  /** `Infinity` when no candidate is held. */
  get nextDueAtMs(): number {
    return Math.min(...this.#rounds.map((round) => round[0]?.dueAtMs ?? Number.POSITIVE_INFINITY));
  }

  /** This was the last look. */
  isLastRound({ round }: WaitingCandidate): boolean {
    return round === this.#rounds.length - 1;
  }

  hold(waiting: WaitingCandidate, nowMs: number): void {
    const delayMs = this.#delaysMs[waiting.round] ?? 0;
    this.#rounds[waiting.round]?.push({ ...waiting, dueAtMs: nowMs + delayMs });
    this.#size += 1;
    this.#keyChars += keyChars(waiting.candidate);
  }

  /**
   * The due candidates that one reading takes: all of one page if it is dense, else a few keys of any page. They stay
   * in the queue until they are released.
   */
  nextSlice(nowMs: number, isDense: (page: PendingPage) => boolean): readonly WaitingCandidate[] {
    const round = this.#firstDue();
    const [first] = round;
    if (!first) return [];
    // A timer may fire a little early.
    const dueUpToMs = Math.max(nowMs, first.dueAtMs);
    const isOfOnePage = isDense(first.page);
    let count = 0;
    let bytes = 0;
    for (const { candidate, page, dueAtMs } of round) {
      bytes += rowBytes(candidate);
      const fits = count < KEYS_A_READ && (count === 0 || bytes <= ROW_BYTES_A_READ);
      if (!(isOfOnePage ? page === first.page : fits) || dueAtMs > dueUpToMs) break;
      count += 1;
    }
    return round.slice(0, count);
  }

  /** The candidates of a slice leave: each ends now, or is held for its next look. */
  letGo(slice: readonly WaitingCandidate[]): void {
    const round = this.#rounds.find(([first]) => first !== undefined && first === slice[0]);
    if (!round) throw new Error('Only the slice that was given last can be let go.');
    round.splice(0, slice.length);
    this.#size -= slice.length;
    for (const { candidate } of slice) this.#keyChars -= keyChars(candidate);
  }

  #firstDue(): readonly Held[] {
    const dueAtMs = this.nextDueAtMs;
    return this.#rounds.find((round) => round[0]?.dueAtMs === dueAtMs) ?? [];
  }
}

function keyChars({ key }: Candidate): number {
  return key.reduce((sum, { length }) => sum + length, 0);
}

/** Of the larger side. */
function rowBytes({ seen }: Candidate): number {
  return Math.max(seen.base?.bytes ?? 0, seen.target?.bytes ?? 0);
}
