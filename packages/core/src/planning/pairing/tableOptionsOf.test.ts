import { expect, it } from 'vitest';
import { tableOptionsOf } from './tableOptionsOf.ts';

const ORDERS = {
  name: 'orders',
  excludeColumns: ['NOTE', 'price'],
  renamedColumns: { note: 'remark' },
};

it.each([
  ['SRC', { except: ['NOTE', 'price'], exceptWherever: ['Note'], renamed: { note: 'remark' } }],
  ['DST', { except: ['remark', 'price'], exceptWherever: ['remark'], renamed: { remark: 'note' } }],
] as const)('in direction %s names are those of the base, whatever their case', (direction, options) => {
  const { columns } = tableOptionsOf(ORDERS, { direction, rulesOff: [], excludeColumns: ['Note'] });
  expect(columns).toMatchObject(options);
});

it('a pattern leaves out what it and the run leave out, where it is', () => {
  const selection = { pattern: '*', excludeColumns: ['a'] };
  const { columns } = tableOptionsOf(selection, { direction: 'SRC', rulesOff: [], excludeColumns: ['b'] });
  expect(columns).toMatchObject({ except: [], exceptWherever: ['b', 'a'] });
});
