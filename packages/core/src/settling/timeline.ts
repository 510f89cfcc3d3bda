/** What the shards of a run did in the course of time, in a bounded number of steps of one length. */
import { type ShardMap, TIMELINE_STEPS_MAX } from '@rowparity/contracts';
import type { ShardMark } from '../ports/ledger.ts';

const STEP_MS_MIN = 100;

export class Timeline {
  readonly #from: number;
  readonly #stepMs: number;
  readonly #rows: number[];
  readonly #confirmed: number[];
  readonly #converged: number[];
  readonly #slowestMs: number[];

  constructor(from: number, upTo: number) {
    const length = Math.max(1, upTo - from);
    this.#from = from;
    this.#stepMs = Math.max(STEP_MS_MIN, Math.ceil(length / TIMELINE_STEPS_MAX));
    const steps = Math.min(TIMELINE_STEPS_MAX, Math.ceil(length / this.#stepMs));
    const zeros = () => new Array<number>(steps).fill(0);
    [this.#rows, this.#confirmed] = [zeros(), zeros()];
    [this.#converged, this.#slowestMs] = [zeros(), zeros()];
  }

  add({ claimedAt, committedAt, rows, confirmed, converged, slowestMs, isInherited }: ShardMark): void {
    if (isInherited || committedAt === null) return;
    this.#spread(rows, claimedAt ?? committedAt, committedAt);
    const end = this.#stepAt(committedAt);
    plus(this.#confirmed, end, confirmed);
    plus(this.#converged, end, converged);
    this.#slowestMs[end] = Math.max(this.#slowestMs[end] ?? 0, slowestMs);
  }

  told(): ShardMap['timeline'] {
    return {
      from: this.#from,
      stepMs: this.#stepMs,
      rows: wholeNumbers(this.#rows),
      confirmed: this.#confirmed,
      converged: this.#converged,
      slowestMs: this.#slowestMs,
    };
  }

  #spread(rows: number, begin: number, end: number): void {
    const [first, last] = [this.#stepAt(begin), this.#stepAt(end)];
    const length = end - begin;
    for (let step = first; step <= last; step += 1) {
      const stepBegin = this.#from + step * this.#stepMs;
      const stepEnd = step === last ? end : stepBegin + this.#stepMs;
      const share = first === last ? 1 : (stepEnd - Math.max(begin, stepBegin)) / length;
      plus(this.#rows, step, rows * Math.max(0, share));
    }
  }

  /** A commit behind the end was written while the marks were read: it counts in the last step. */
  #stepAt(time: number): number {
    const step = Math.floor((time - this.#from) / this.#stepMs);
    return Math.min(this.#rows.length - 1, Math.max(0, step));
  }
}

/** Rounded, with the same sum: what one step loses, the next one gets. */
function wholeNumbers(numbers: readonly number[]): number[] {
  let sum = 0;
  return numbers.map((number) => {
    const before = Math.round(sum);
    sum += number;
    return Math.round(sum) - before;
  });
}

function plus(sums: number[], step: number, add: number): void {
  sums[step] = (sums[step] ?? 0) + add;
}
