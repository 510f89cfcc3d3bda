/**
 * `auto`: measures both strategies on the first pages and keeps the cheaper one. The first page warms the servers'
 * caches and counts for neither.
 */
import type { Clock, KeyRange, KeyTuple } from '@rowparity/contracts';
import { isSameKey } from '../keys/keyOrder.ts';
import { compareByDigest, type DigestDeps, type Step } from './compareByDigest.ts';

/** Pages that are measured for each strategy. */
const MEASURED_PAGES = 2;
/** Per row, so that pages of different sizes compare. */
interface Cost {
  ms: number;
  rows: number;
}

export async function* byCheaperStrategy(
  range: KeyRange,
  deps: DigestDeps,
  clock: Pick<Clock, 'steadyNow'>,
): AsyncGenerator<Step, void, void> {
  const costs = { exact: { ms: 0, rows: 0 }, checksum: { ms: 0, rows: 0 } };
  let after: KeyTuple | null = range.after;
  for (let page = 0; page <= 2 * MEASURED_PAGES; page += 1) {
    const rest: KeyRange = { after, upTo: range.upTo };
    const upTo: KeyTuple | null =
      (await deps.readers.base.keyBehind(rest, deps.pageRows, deps.signal)) ?? range.upTo;
    const strategy = page % 2 === 0 ? 'exact' : 'checksum';
    const steps = stepsOf(strategy, { after, upTo }, deps);
    const measured = measure(steps, page === 0 ? { ms: 0, rows: 0 } : costs[strategy], clock);
    yield* measured;
    if (isSameKey(upTo, range.upTo)) return;
    after = upTo;
  }
  yield* stepsOf(cheaper(costs), { after, upTo: range.upTo }, deps);
}

function cheaper({
  exact,
  checksum,
}: {
  readonly exact: Cost;
  readonly checksum: Cost;
}): 'exact' | 'checksum' {
  return checksum.ms * exact.rows < exact.ms * checksum.rows ? 'checksum' : 'exact';
}

/** Only the time of the step itself: the caller's work is the same for both. */
async function* measure(
  steps: AsyncGenerator<Step, void, void>,
  cost: Cost,
  clock: Pick<Clock, 'steadyNow'>,
): AsyncGenerator<Step, void, void> {
  for (;;) {
    const begin = clock.steadyNow();
    const next = await steps.next();
    cost.ms += clock.steadyNow() - begin;
    if (next.done) return;
    cost.rows += rowsOf(next.value);
    yield next.value;
  }
}

function rowsOf(step: Step): number {
  return step.kind === 'equal' ? step.rows.base : step.pair.pages.base.rows;
}

async function* exactSteps(range: KeyRange, deps: DigestDeps): AsyncGenerator<Step, void, void> {
  for await (const pair of deps.readPages(range)) yield { kind: 'pages', pair };
}

export function stepsOf(
  strategy: 'exact' | 'checksum',
  range: KeyRange,
  deps: DigestDeps,
): AsyncGenerator<Step, void, void> {
  return strategy === 'exact' ? exactSteps(range, deps) : compareByDigest(range, deps);
}
