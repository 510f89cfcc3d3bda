import { expect, it } from 'vitest';
import { asPlaceholder, type NamedKeyColumn } from './keyColumn.ts';
import { keysCondition, rangeCondition } from './rangeSql.ts';

const integer = { kind: 'integer', collation: undefined, isMarked: false } as const;
const id: NamedKeyColumn = { name: 'id', ...integer };
const line: NamedKeyColumn = { name: 'li`ne', ...integer };

it('an open range has no condition', () => {
  expect(rangeCondition([id], { after: null, upTo: null }).sql(asPlaceholder)).toBe('');
});

it('a range of one column is two comparisons', () => {
  const condition = rangeCondition([id], { after: ['1'], upTo: ['9'] });
  expect(condition.sql(asPlaceholder)).toBe('`id` > ? AND `id` <= ?');
  expect(condition.parameters.map(({ text }) => text)).toEqual(['1', '9']);
});

it('a composite range is written out with quoted names, and its parameters stand in the order of their places', () => {
  const condition = rangeCondition([id, line], { after: ['1', '2'], upTo: null });
  expect(condition.sql(asPlaceholder)).toBe('`id` >= ? AND (`id` > ? OR (`id` = ? AND `li``ne` > ?))');
  expect(condition.parameters.map(({ text }) => text)).toEqual(['1', '1', '1', '2']);
});

it('a bound may be a prefix of the key', () => {
  expect(rangeCondition([id, line], { after: null, upTo: ['7'] }).sql(({ text }) => text)).toBe('`id` <= 7');
});

it('keys of one column are an IN, of several an OR', () => {
  expect(keysCondition([id], [['1'], ['2']]).sql(({ text }) => text)).toBe('`id` IN (1, 2)');
  expect(
    keysCondition(
      [id, line],
      [
        ['1', '2'],
        ['3', '4'],
      ],
    ).sql(({ text }) => text),
  ).toBe('(`id` = 1 AND `li``ne` = 2) OR (`id` = 3 AND `li``ne` = 4)');
});
