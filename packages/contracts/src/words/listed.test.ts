import { expect, it } from 'vitest';
import { listed } from './listed.ts';

it('a list names a few and counts the rest, and no name moves the cursor', () => {
  expect(listed(['a', 'b'], 2)).toBe('a, b');
  expect(listed(['a\n', 'b', 'c', 'd'], 2, '; ')).toBe('a\\n; b and 2 more');
  expect(listed(['x'.repeat(100_000)], 1).length).toBe(500);
});
