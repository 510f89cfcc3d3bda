import { expect, it } from 'vitest';
import { FakeRowReader } from '../testing/fakeRowReader.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { byCheaperStrategy } from './cheaperStrategy.ts';
import type { DigestDeps } from './rangeDigests.ts';
import { readPairs } from './readPairs.ts';

const ROWS = 60_000;
const PAGE_ROWS = 1000;
const rows = Array.from({ length: ROWS }, (_, i): [string, string] => [String(i).padStart(6, '0'), 'v']);

interface Costs {
  /** Milliseconds a statement and side. */
  readonly statement: number;
  readonly readRow: number;
  readonly digestRow: number;
}

/** Compares equal sides whose statements take so long, and tells the rows that went each way. */
async function compared(costsAt: (place: number) => Costs) {
  const clock = new ManualClock();
  const [base, target] = [new FakeRowReader(rows), new FakeRowReader(rows)];
  let place = 0;
  const pass = (ms: number) => clock.sleep(ms, new AbortController().signal);
  const digests = base.digests.bind(base);
  base.digests = async (ranges) => {
    const made = await digests(ranges);
    const { statement, digestRow } = costsAt(place);
    await pass(made.reduce((ms, { rows }) => ms + digestRow * rows, statement));
    return made;
  };
  const signal = new AbortController().signal;
  const limits = { rows: PAGE_ROWS, bytes: 2 ** 20 };
  const readers = { base, target };
  const deps: DigestDeps = {
    ...{ plan: { key: [{ column: 0, kind: 'text' }] }, readers, pageRows: PAGE_ROWS, signal },
    async *readPages(range) {
      await pass(costsAt(place).statement);
      for await (const pair of readPairs({
        ...{ range, limits, readers, signal, clock, retried: (step) => step() },
      })) {
        await pass(costsAt(place).readRow * pair.pages.base.rows);
        yield pair;
      }
    },
  };
  const sum = { exact: 0, checksum: 0 };
  for await (const step of byCheaperStrategy({ after: null, upTo: null }, deps, clock)) {
    const count = step.kind === 'equal' ? step.rows.base : step.pair.pages.base.rows;
    sum[step.kind === 'equal' ? 'checksum' : 'exact'] += count;
    place += count;
  }
  expect(sum.exact + sum.checksum).toBe(ROWS);
  return { ...sum, ms: clock.steadyNow() };
}

const FAST_LINK = { statement: 1, readRow: 0.001, digestRow: 0.003 };
const SLOW_LINK = { statement: 20, readRow: 0.02, digestRow: 0.003 };

it.each([
  ['a fast link', FAST_LINK, 'exact'],
  ['a slow link with a long round trip', SLOW_LINK, 'checksum'],
] as const)('%s: all but small samples goes the cheaper way', async (_, costs, cheaper) => {
  const sum = await compared(() => costs);
  expect(sum[cheaper]).toBeGreaterThan(0.95 * ROWS);
});

it('a link that becomes slow is seen at the next measurement', async () => {
  const sum = await compared((place) => (place < 5000 ? FAST_LINK : SLOW_LINK));
  expect(sum.checksum).toBeGreaterThan(0.6 * ROWS);
});
