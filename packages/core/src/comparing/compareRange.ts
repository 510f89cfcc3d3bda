/**
 * Compares a key range of both sides, from its beginning to its end: the only entry to this room. The yielded parts
 * tile the range in order. Each part has its candidates, and what the self-test planted in a copy and found.
 */

import type { Clock, Counts, KeyRange, RuleName, RunSpec, TablePlan } from '@rowparity/contracts';
import type { StreamGate } from '../budgeting/streamGate.ts';
import type { RowReader } from '../ports/rowSource.ts';
import { type Retry, retriedReader } from '../rows/retriedReader.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import type { Candidate } from './candidate.ts';
import { byCheaperStrategy, stepsOf } from './cheaperStrategy.ts';
import { comparePage } from './comparePage.ts';
import { DigestRecall } from './digestRecall.ts';
import type { DigestDeps, Step } from './rangeDigests.ts';
import { readPairs } from './readPairs.ts';
import { Recall } from './recall.ts';

/** Bytes of one page on one side: both sides together stay in a processor cache, so comparing costs next to nothing. */
const PAGE_BYTES_MAX = 512 * 1024;

export interface CompareDeps {
  readonly runId: string;
  readonly shard: number;
  readonly plan: TablePlan;
  readonly strategy: RunSpec['strategy'];
  readonly pageRows: number;
  readonly readers: Sides<RowReader>;
  readonly clock: Pick<Clock, 'steadyNow'>;
  readonly signal: AbortSignal;
  readonly retried: Retry;
  /** Absent: neither server has a budget. */
  readonly gate?: StreamGate | undefined;
}

/** A part of the range that was compared. Its candidates are suspicions, not yet inconsistencies. */
export interface ComparedRange extends Pick<Counts, 'planted' | 'caught'> {
  readonly range: KeyRange;
  readonly rows: Sides<number>;
  /** The caller's own: what yielded it holds it until it goes on, so the caller empties it when it has taken them. */
  readonly candidates: Candidate[];
  /** Rows that are equal by a rule of the plan, each with the names of its rules. */
  readonly equalByRule: readonly ReadonlySet<RuleName>[];
}

export async function* compareRange(
  range: KeyRange,
  deps: CompareDeps,
): AsyncGenerator<ComparedRange, void, void> {
  const { plan } = deps;
  const readers = mapSides(deps.readers, (reader) => retriedReader(reader, deps.retried));
  const recall = new Recall({ ...deps, readers });
  const digestRecall = new DigestRecall({ ...deps, readers });
  for await (const step of stepsThrough(range, readers, deps)) {
    if (step.kind === 'equal') {
      const probed = await digestRecall.probe(step);
      yield { range: step.range, rows: step.rows, candidates: [], equalByRule: [], ...probed };
      continue;
    }
    const { pages } = step.pair;
    const rows = { base: pages.base.rows, target: pages.target.rows };
    const compared = comparePage(pages, readers, plan);
    yield { range: step.pair.range, rows, ...compared, ...recall.probe(pages) };
  }
}

function stepsThrough(
  range: KeyRange,
  readers: Sides<RowReader>,
  deps: CompareDeps,
): AsyncGenerator<Step, void, void> {
  const { strategy, pageRows, clock } = deps;
  const limits = { rows: pageRows, bytes: PAGE_BYTES_MAX };
  const digestDeps: DigestDeps = {
    ...deps,
    readers,
    readPages: (part) => readPairs({ ...deps, range: part, limits }),
  };
  if (strategy === 'auto') return byCheaperStrategy(range, digestDeps, clock);
  return stepsOf(strategy, range, digestDeps);
}
