/**
 * The self-test of digests. Rows of a range that is equal by digest are never read, so no difference can be planted in
 * a copy. Instead, a server digests a few of them again, unchanged and with differences planted inside the statement.
 * The comparison of digests must detect each. The digests are of one moment, so changing rows cause no false alarm.
 */
import type { Counts, TablePlan } from '@rowparity/contracts';
import { seededDraws } from '../hashing/draws.ts';
import type { ProbedDigests, RangeDigest, RowReader } from '../ports/rowSource.ts';
import type { Sides } from '../sides/sides.ts';
import { type EqualRange, isSameDigest } from './rangeDigests.ts';

/** Enough to hide one row among others. Read five times, they still cost little beside the 20,000 rows of a range. */
const SLICE_ROWS = 16;
/** The first range with rows is probed, and then one for so many pages. */
const PAGES_A_PROBE = 16;

export interface DigestRecallInput {
  readonly runId: string;
  readonly shard: number;
  readonly plan: TablePlan;
  readonly pageRows: number;
  readonly readers: Sides<Pick<RowReader, 'probeDigest'>>;
  readonly signal: AbortSignal;
}

export class DigestRecall {
  readonly #input: DigestRecallInput;
  #probes = 0;
  /** Rows that pass until then. */
  #untilProbe = 0;

  constructor(input: DigestRecallInput) {
    this.#input = input;
  }

  /** What was planted in digests of these rows, and how much of it was found. */
  async probe({ range, rows }: EqualRange): Promise<Pick<Counts, 'planted' | 'caught'>> {
    const nothing = { planted: 0, caught: 0 };
    if (rows.base === 0) return nothing;
    if (this.#untilProbe > 0) {
      this.#untilProbe -= rows.base;
      return nothing;
    }
    const { runId, shard, plan, pageRows, readers, signal } = this.#input;
    this.#probes += 1;
    const draw = seededDraws(`${runId} ${shard} digest ${this.#probes}`);
    const side = draw(2) === 0 ? 'base' : 'target';
    const slice = Math.min(SLICE_ROWS, rows[side]);
    const probe = { rows: slice, row: draw(slice), column: draw(plan.columns.length) };
    const digests = await readers[side].probeDigest(range, probe, signal);
    // The row was deleted after it was digested: the next range is probed instead.
    if (!digests) return nothing;
    this.#untilProbe = PAGES_A_PROBE * pageRows - rows.base;
    return tally(digests);
  }
}

/** If the digest of the same rows changes between two readings, a difference proves nothing. */
function tally({ truth, again, changed, missing, extra }: ProbedDigests): Pick<Counts, 'planted' | 'caught'> {
  const isLikeTruth = (digest: RangeDigest) => isSameDigest({ base: truth, target: digest });
  const planted = [changed, missing, extra];
  const told = planted.filter((digest) => !isLikeTruth(digest)).length;
  return { planted: planted.length, caught: isLikeTruth(again) ? told : 0 };
}
