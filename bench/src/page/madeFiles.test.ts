import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { filled, isSameContent, madeFiles } from './madeFiles.ts';

const ROOT = new URL('../../../', import.meta.url);

it.each([...madeFiles(ROOT)])('%s is what the results make', (name, content) => {
  const is = readFileSync(new URL(name, ROOT), 'utf8');
  expect(isSameContent(is, content), 'run npm run bench:page').toBe(true);
});

it('a mark without a table or an end is told', () => {
  expect(filled('text <!-- other -->', [])).toBe('text <!-- other -->');
  expect(() => filled('<!-- bench:unknown -->\n<!-- /bench:unknown -->', [])).toThrow('has no table');
  expect(() => filled('<!-- bench:goals -->\n', [])).toThrow('has no end');
});
