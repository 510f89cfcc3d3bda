import type { KeyKind, KeyRange } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import { type FakeRow, FakeRowReader } from '../testing/fakeRowReader.ts';
import { compareByDigest } from './compareByDigest.ts';
import { narrowRange } from './narrowRange.ts';
import type { DigestDeps } from './rangeDigests.ts';

const { signal } = new AbortController();
/** Decimal digits of one length are ordered as numbers are. */
const keyOf = (n: number) => String(20_000_000 + n);
const rowsOf = (numbers: Iterable<number>): FakeRow[] => [...numbers].map((n) => [keyOf(n), 'v']);
const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

interface Narrowing {
  readonly rows: readonly FakeRow[];
  readonly differing: readonly string[];
  readonly kind?: KeyKind;
}

/** What is read of a range whose rows differ in these keys, and what was asked to find that. */
async function narrowed({ rows, differing, kind = 'integer' }: Narrowing) {
  const base = new FakeRowReader(rows);
  const target = new FakeRowReader(rows.map(([key, v]): FakeRow => [key, differing.includes(key) ? 'w' : v]));
  const read: KeyRange[] = [];
  const deps: DigestDeps = {
    plan: { key: [{ column: 0, kind }] },
    ...{ readers: { base, target }, pageRows: 20_000, signal },
    async *readPages(range) {
      read.push(range);
      yield* [];
    },
  };
  const [first = [''], last = ['']] = [rows[0], rows.at(-1)];
  const range = { after: [String(Number(first[0]) - 1)], upTo: [last[0]] };
  const equal: KeyRange[] = [];
  const steps = narrowRange(range, { base: rows.length, target: rows.length }, deps);
  for await (const step of steps) if (step.kind === 'equal') equal.push(step.range);
  const covered = (ranges: readonly KeyRange[]) =>
    rows.filter(([key]) => ranges.some((one) => isIn(key, one)));
  return { read: covered(read), equal: covered(equal), ranges: [...read, ...equal], questions: base.reads };
}

function isIn(key: string, { after, upTo: end }: KeyRange): boolean {
  return (after === null || key > String(after[0])) && (end === null || key <= String(end[0]));
}

describe.each(['integer', 'text'] as const)('a key of kind %s', (kind) => {
  it('of one row that differs, few others are read, and each row is either equal by digest or read', async () => {
    const rows = rowsOf(upTo(40_000));
    for (const differing of [keyOf(0), keyOf(17_321), keyOf(39_999)]) {
      const { read, equal, questions } = await narrowed({ rows, differing: [differing], kind });
      expect(read.map(([key]) => key)).toContain(differing);
      expect(read.length).toBeLessThanOrEqual(625);
      expect(read.length + equal.length).toBe(rows.length);
      expect(questions).toBeLessThanOrEqual(kind === 'integer' ? 2 : 6);
    }
  });

  it('keys that lie unevenly cost few questions', async () => {
    const crowd = upTo(20_000);
    const rows = rowsOf([...crowd, 8_000_000]);
    const { read, equal, questions } = await narrowed({ rows, differing: [keyOf(9_999)], kind });
    expect(read.length).toBeLessThanOrEqual(625);
    expect(read.length + equal.length).toBe(rows.length);
    expect(questions).toBeLessThanOrEqual(6);
  });

  it('where most parts differ, the range is read at once', async () => {
    const rows = rowsOf(upTo(20_000));
    const differing = rows.filter((_, i) => i % 100 === 0).map(([key]) => key);
    const { read, questions, ranges } = await narrowed({ rows, differing, kind });
    expect(read).toHaveLength(rows.length);
    expect([ranges.length, questions]).toEqual([1, kind === 'integer' ? 1 : 2]);
  });
});

it('digests are compared in the digits that both servers gave, and nothing is equal by no digits', async () => {
  const differs = async (base: string, target: string) => {
    const readers = { base: new FakeRowReader(rowsOf([1])), target: new FakeRowReader(rowsOf([1])) };
    readers.base.digestOf = () => ({ rows: 1, digest: base });
    readers.target.digestOf = () => ({ rows: 1, digest: target });
    const deps: DigestDeps = {
      plan: { key: [{ column: 0, kind: 'integer' }] },
      ...{ readers, pageRows: 10, signal },
      async *readPages() {
        isRead = true;
        yield* [];
      },
    };
    let isRead = false;
    for await (const step of compareByDigest({ after: null, upTo: null }, deps))
      expect(step.kind).toBe('equal');
    return isRead;
  };
  expect(await differs('00ff', '00ff12ab')).toBe(false);
  expect(await differs('00ff', '00fe12ab')).toBe(true);
  expect(await differs('00ff12ab', '00ff12aa')).toBe(true);
  expect(await differs('', '00ff')).toBe(true);
});

it('keys that divide no rows end in reading them, however often they are asked for', async () => {
  const readers = { base: new FakeRowReader([]), target: new FakeRowReader([]) };
  // A server that orders by values which its own comparison does not know.
  for (const side of ['base', 'target'] as const) {
    readers[side].digests = async (ranges) =>
      ranges.map((_, i) => ({ rows: i === 0 ? 40_000 : 0, digest: i === 0 ? side : 'same' }));
    readers[side].keysBehind = async () => [['1950-02-31'], ['1950-03-01']];
  }
  let isRead = false;
  const deps: DigestDeps = {
    plan: { key: [{ column: 0, kind: 'temporal' }] },
    ...{ readers, pageRows: 20_000, signal },
    async *readPages() {
      isRead = true;
      yield* [];
    },
  };
  const range = { after: null, upTo: null };
  for await (const step of narrowRange(range, { base: 40_000, target: 40_000 }, deps))
    expect(step.kind).toBe('equal');
  expect(isRead).toBe(true);
});
