import { GROUPS_A_TABLE_MAX } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DifferenceGrouping, largestFirst } from './differenceGrouping.ts';

const neq = { type: 'neq', key: ['7'], columns: ['a', 'b'] } as const;

it('a row is in a group for each of its columns, a missing one in one', () => {
  const grouping = new DifferenceGrouping();
  grouping.addRow({ ...neq, columns: ['a', 'b'], key: ['7'], causes: [{ code: 'sign' }, { code: 'other' }] });
  grouping.addRow({ ...neq, columns: ['a'], key: ['-12'], causes: [{ code: 'sign' }] });
  grouping.addRow({ type: 'target_missing', key: ['x', '1'], columns: [] });
  grouping.addRows('base_missing', 4);
  const none = { column: null, cause: null, low: null, high: null };
  expect(largestFirst(grouping.groups)).toEqual([
    { type: 'base_missing', rows: 4, ...none, example: null },
    { type: 'neq', column: 'a', cause: { code: 'sign' }, rows: 2, low: '-12', high: '7', example: ['7'] },
    { type: 'neq', column: 'b', cause: { code: 'other' }, rows: 1, low: '7', high: '7', example: ['7'] },
    { type: 'target_missing', rows: 1, ...none, example: ['x', '1'] },
  ]);
  expect(grouping.beyond).toBe(0);
});

it('keys of any length keep their digits', () => {
  const grouping = new DifferenceGrouping();
  for (const key of ['18446744073709551615', '9', '10', '18446744073709551614'])
    grouping.addRow({ type: 'base_missing', key: [key], columns: [] });
  expect(grouping.groups).toMatchObject([{ rows: 4, low: '9', high: '18446744073709551615' }]);
});

it('more ways to differ than are held: no row is lost, and parts add up as the whole', () => {
  const rows = fc.array(fc.integer({ min: 0, max: 3 * GROUPS_A_TABLE_MAX }), { maxLength: 600 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 50 }), (columns, size) => {
      const whole = new DifferenceGrouping();
      const added = new DifferenceGrouping();
      for (let i = 0; i < columns.length; i += size) {
        const part = new DifferenceGrouping();
        for (const [j, column] of columns.slice(i, i + size).entries()) {
          const row = { type: 'neq', key: [`${i + j}`], columns: [`c${column}`] } as const;
          whole.addRow({ ...row, key: [...row.key], columns: [...row.columns] });
          part.addRow({ ...row, key: [...row.key], columns: [...row.columns] });
        }
        added.addAll(part);
      }
      expect({ groups: added.groups, beyond: added.beyond }).toEqual({
        groups: whole.groups,
        beyond: whole.beyond,
      });
      expect(whole.groups.length).toBeLessThanOrEqual(GROUPS_A_TABLE_MAX);
      expect(whole.groups.reduce((sum, { rows: n }) => sum + n, whole.beyond)).toBe(columns.length);
    }),
  );
});

it('the smallest and the largest key are those of the numbers, whatever their signs and lengths', () => {
  const key = fc.oneof(
    fc.bigInt({ min: -120n, max: 120n }),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 64n }),
  );
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 12 }), (keys) => {
      const grouping = new DifferenceGrouping();
      for (const one of keys) grouping.addRow({ type: 'target_missing', key: [String(one)], columns: [] });
      const sorted = keys.toSorted((a, b) => (a < b ? -1 : Number(a > b)));
      expect(grouping.groups).toMatchObject([{ low: String(sorted[0]), high: String(sorted.at(-1)) }]);
    }),
  );
});
