import type { KeyRange } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Tiling } from './tiling.ts';

function problemOf(ranges: readonly (readonly [string | null, string | null])[]): string | undefined {
  const tiling = new Tiling();
  for (const [shard, [after, upTo]] of ranges.entries()) tiling.add(shard, rangeOf(after, upTo));
  return tiling.problem();
}

function rangeOf(after: string | null, upTo: string | null): KeyRange {
  return { after: after === null ? null : [after], upTo: upTo === null ? null : [upTo] };
}

it('a chain from open to open tiles, for any order of the indexes', () => {
  const cuts = fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 8 });
  const chains = cuts.chain((keys) => {
    const ends = [null, ...keys, null];
    const ranges = ends.slice(1).map((upTo, i) => [ends[i] ?? null, upTo] as const);
    return fc.tuple(fc.constant(ranges), fc.shuffledSubarray(ranges, { minLength: ranges.length }), fc.nat());
  });
  fc.assert(
    fc.property(chains, ([ranges, shuffled, place]) => {
      expect(problemOf(shuffled)).toBeUndefined();
      const lacking = ranges.filter((_, i) => i !== place % ranges.length);
      expect(problemOf(lacking)).toBeDefined();
      expect(
        problemOf([...shuffled, ranges[place % ranges.length] as (typeof ranges)[number]]),
      ).toBeDefined();
    }),
  );
});

it.each([
  ['nothing', [], 'no shard begins open'],
  ['a closed beginning', [['1', null]], 'no shard begins open'],
  [
    'a gap',
    [
      [null, '1'],
      ['2', null],
    ],
    'there is a gap behind shard 0: no shard begins after ["1"]',
  ],
  [
    'a closed end',
    [
      [null, '1'],
      ['1', '2'],
    ],
    'there is a gap behind shard 1',
  ],
  [
    'two beginnings',
    [
      [null, '1'],
      ['1', null],
      [null, '5'],
    ],
    'shards 0 and 2 overlap: both begin open',
  ],
  [
    'one inside another',
    [
      [null, '1'],
      ['1', null],
      ['0', '1'],
    ],
    '1 shards overlap others',
  ],
  [
    'a circle',
    [
      [null, '1'],
      ['1', '2'],
      ['2', '1'],
    ],
    'leads back',
  ],
] as const)('%s is told in words', (_, ranges, words) => {
  expect(problemOf(ranges)).toContain(words);
});
