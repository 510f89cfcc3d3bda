import { expect, it } from 'vitest';
import { printable } from './printable.ts';

it.each([
  ['orders', 'orders'],
  ['two\nlines\r\t', 'two\\nlines\\r\\t'],
  ['\x1b[2Jgone', '\\x1b[2Jgone'],
  ['\u009b2J', '\\x9b2J'],
  ['a\u202edcb\u2066', 'a\\u{202e}dcb\\u{2066}'],
  ['a\u2028b\u2029', 'a\\u{2028}b\\u{2029}'],
  ['\ud83d', '\\u{d83d}'],
  ['größe 表 👩‍💻', 'größe 表 👩‍💻'],
])('%j is shown as %s', (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it('a text that is too long is cut, and says so', () => {
  expect(printable('x'.repeat(10_000_000), 5)).toBe('xxxx…');
  expect(printable('12345', 5)).toBe('12345');
});
