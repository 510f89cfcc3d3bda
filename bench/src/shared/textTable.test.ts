import { expect, test } from 'vitest';
import { textTable } from './textTable.ts';

test('columns are as wide as their widest cell, numbers stand to the right', () => {
  const text = textTable([
    ['what', 'rate'],
    ['one', 12_345.6],
    ['a longer one', 7],
  ]);
  expect(text).toBe(['what             rate', 'one            12,346', 'a longer one        7'].join('\n'));
});

test('small numbers keep their digits', () => {
  expect(textTable([['', 12.34, 0.987, 0.01234]])).toBe('   12.3   0.99   0.0123');
});
