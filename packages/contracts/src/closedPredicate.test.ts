import { expect, it } from 'vitest';
import { isClosedPredicate } from './closedPredicate.ts';

it.each([
  'a = 1',
  '(a = 1) OR (b IN (2, 3))',
  "note = ')'",
  "note = 'it''s (' AND `we)ird` = \"x\"",
  "a = '\\')'",
  'a - -1 > 0',
])('%s stays between its brackets', (text) => {
  expect(isClosedPredicate(text)).toBe(true);
});

it.each([
  'a) OR (1',
  '(a',
  "a = 'open",
  'a -- rest',
  'a # rest',
  'a /* rest',
  '1; DROP TABLE t',
  "a = '\\'",
  'a = `x',
])('%s does not', (text) => {
  expect(isClosedPredicate(text)).toBe(false);
});
