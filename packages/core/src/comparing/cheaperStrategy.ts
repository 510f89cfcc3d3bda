/**
 * `auto`: measures both strategies on small parts at the beginning of the range and goes on with the cheaper one. Now
 * and then it measures the other one again, because a link or a server may change.
 */
import type { Clock, KeyRange, KeyTuple } from '@rowparity/contracts';
import { isSameKey } from '../keys/keyOrder.ts';
import { compareByDigest, pagesAtOnce, partEnd } from './compareByDigest.ts';
import type { DigestDeps, Step } from './rangeDigests.ts';
import { StrategyCost } from './strategyCost.ts';

type Strategy = 'exact' | 'checksum';

/** Of the rows of a page: two sizes tell what a part costs by itself and what each of its rows does. */
const SAMPLE_SHARES = [1 / 20, 1 / 8] as const;
/** Pages to the next measurement, at first; each time twice as many, as each costs a question for a key. */
const STRETCH_PAGES_FIRST = 10;
const STRETCH_PAGES_MAX = 80;

export async function* byCheaperStrategy(
  range: KeyRange,
  deps: DigestDeps,
  clock: Pick<Clock, 'steadyNow'>,
): AsyncGenerator<Step, void, void> {
  const costs = { exact: new StrategyCost(), checksum: new StrategyCost() };
  let after: KeyTuple | null = range.after;
  const rangeRows = deps.pageRows * pagesAtOnce(deps);
  for (const { strategy, rows, isAnew } of parts(costs, { pageRows: deps.pageRows, rangeRows })) {
    const rest: KeyRange = { after, upTo: range.upTo };
    const upTo = await partEnd(rest, rows, deps);
    const measured = { rows: 0, ms: 0 };
    yield* measure(stepsOf(strategy, { after, upTo }, deps), measured, clock);
    if (isAnew) costs[strategy] = new StrategyCost();
    costs[strategy].learn(measured);
    if (isSameKey(upTo, range.upTo)) return;
    after = upTo;
  }
}

interface Part {
  readonly strategy: Strategy;
  readonly rows: number;
  /** What was learnt of the strategy before is of another time. */
  readonly isAnew?: boolean;
}

/** Without end. */
function* parts(
  costs: Readonly<Record<Strategy, StrategyCost>>,
  { pageRows, rangeRows }: { readonly pageRows: number; readonly rangeRows: number },
): Generator<Part, void, void> {
  const [small, large] = SAMPLE_SHARES.map((share) => Math.max(1, Math.floor(share * pageRows))) as [
    number,
    number,
  ];
  for (const rows of [small, large]) {
    yield { strategy: 'exact', rows };
    yield { strategy: 'checksum', rows };
  }
  for (let pages = STRETCH_PAGES_FIRST; ; pages = Math.min(2 * pages, STRETCH_PAGES_MAX)) {
    const strategy = cheaper(costs, rangeRows);
    yield { strategy, rows: pages * pageRows };
    const other = strategy === 'exact' ? 'checksum' : 'exact';
    yield { strategy: other, rows: small, isAnew: true };
    yield { strategy: other, rows: large };
  }
}

/** A stream is opened once for many ranges, so of exact only the rows count. */
function cheaper(costs: Readonly<Record<Strategy, StrategyCost>>, rangeRows: number): Strategy {
  const exactMs = costs.exact.msOf(rangeRows) - costs.exact.msOf(0);
  return costs.checksum.msOf(rangeRows) < exactMs ? 'checksum' : 'exact';
}

/** Only the time of the step itself: the caller's work is the same for both. */
async function* measure(
  steps: AsyncGenerator<Step, void, void>,
  sum: { rows: number; ms: number },
  clock: Pick<Clock, 'steadyNow'>,
): AsyncGenerator<Step, void, void> {
  for (;;) {
    const begin = clock.steadyNow();
    const next = await steps.next();
    sum.ms += clock.steadyNow() - begin;
    if (next.done) return;
    sum.rows += rowsOf(next.value);
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
  strategy: Strategy,
  range: KeyRange,
  deps: DigestDeps,
): AsyncGenerator<Step, void, void> {
  return strategy === 'exact' ? exactSteps(range, deps) : compareByDigest(range, deps);
}
