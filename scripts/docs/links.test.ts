import { expect, test } from 'vitest';
import { anchorsOf, brokenLinks, leadsSomewhere, linksIn } from './links.ts';
import { listPages } from './pages.ts';

test('every kind of page is looked at', () => {
  const pages = listPages();
  for (const page of [
    'README.md',
    'docs/spec.md',
    'docs/adr/README.md',
    'packages/core/README.md',
    'e2e/README.md',
  ])
    expect(pages).toContain(page);
  expect(pages).toContain('.github/pull_request_template.md');
});

test.each(listPages())('%s leads nowhere that is not there', (page) => {
  expect(brokenLinks(page)).toEqual([]);
});

test('links are found outside of code, and anchors are made as GitHub makes them', () => {
  expect(linksIn('[a](b.md#c) ![d](e.png) [f](https://g)\n```\n[h](i.md)\n```\n')).toEqual([
    'b.md#c',
    'e.png',
  ]);
  expect(anchorsOf('# How do I add …\n## `check`, again!\n## [A link](x.md)\n## `check`, again!\n')).toEqual([
    'how-do-i-add-',
    'check-again',
    'a-link',
    'check-again-1',
  ]);
});

test.each([
  ['docs/spec.md', true],
  ['docs/spec.md#words', true],
  ['#the-two-ways', true],
  ['docs', true],
  ['docs/nothing.md', false],
  ['docs/spec.md#no-such-heading', false],
  ['#no-such-heading', false],
])('from the README, %s leads somewhere: %s', (link, expected) => {
  expect(leadsSomewhere('README.md', link)).toBe(expected);
});
