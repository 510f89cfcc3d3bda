// Where the links of a page lead, and what a page has to link to.

import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { ROOT, readPage } from './pages.ts';

const FENCED = /^```[\s\S]*?^```$/gm;
const LINK = /\]\((?!https?:)([^)\s]+)\)/g;
const HEADING = /^#{1,6} (.+)$/gm;

/** The links of a page that lead to no file, or to no heading of it. */
export function brokenLinks(page: string): readonly string[] {
  return linksIn(readPage(page)).filter((link) => !leadsSomewhere(page, link));
}

export function linksIn(text: string): readonly string[] {
  return [...text.replace(FENCED, '').matchAll(LINK)].map(([, link = '']) => link);
}

export function leadsSomewhere(page: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const target = file === '' ? page : normalize(join(dirname(page), file));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || anchorsOf(readPage(target)).includes(anchor);
}

/** As GitHub makes them: small letters, spaces as hyphens, no punctuation; the second of a name gets a number. */
export function anchorsOf(text: string): readonly string[] {
  const seen = new Map<string, number>();
  return [...text.replace(FENCED, '').matchAll(HEADING)].map(([, heading = '']) => {
    const plain = heading.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
    const anchor = plain.replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-');
    const count = seen.get(anchor) ?? 0;
    seen.set(anchor, count + 1);
    return count === 0 ? anchor : `${anchor}-${count}`;
  });
}
