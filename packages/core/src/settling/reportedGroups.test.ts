import type { DifferenceGroup, KeyKind } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { WholeTable } from '../ledgering/wholeRun.ts';
import { reportedGroups } from './reportedGroups.ts';

const group: DifferenceGroup = {
  ...{ type: 'target_missing', column: null, cause: null, rows: 3 },
  ...{ low: '1', high: '3', example: ['1'] },
};

function tableOf(...kinds: readonly KeyKind[]): WholeTable {
  const plan = {
    columns: kinds.map((_, i) => ({ names: { base: `k${i}`, target: `k${i}` } })),
    key: kinds.map((kind, column) => ({ kind, column })),
  };
  return { name: 't', plan } as unknown as WholeTable;
}

it.each<[readonly KeyKind[], string | null]>([
  [['integer'], '1'],
  [['text'], null],
  [['decimal'], null],
  [['integer', 'integer'], null],
])('of a key of %o the range is told where it is one integer', (kinds, low) => {
  const { causes } = reportedGroups([tableOf(...kinds)], [{ table: 0, groups: [group], beyond: 2 }]);
  expect(causes).toMatchObject([{ table: 't', low, example: { k0: '1' } }]);
});

it('the largest groups of all tables come first, and what is left counts', () => {
  const many = Array.from({ length: 120 }, (_, i) => ({ ...group, rows: i + 1 }));
  const told = reportedGroups([tableOf('integer')], [{ table: 0, groups: many, beyond: 2 }]);
  expect(told.causes).toHaveLength(100);
  expect(told.causes[0]?.rows).toBe(120);
  expect(told.causesBeyond).toBe(2 + (20 * 21) / 2);
});
