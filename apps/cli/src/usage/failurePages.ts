/** What docs/failures.md says of each code: the page is read, so there is one text of each. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type FailureCode, failureCode } from '@rowparity/contracts';

/** In the package it lies nearer. */
const PLACES = ['../docs/failures.md', '../../../../docs/failures.md'];

/** Markdown, without its heading. */
export async function failurePage(code: FailureCode): Promise<string> {
  const [place] = PLACES.map((path) => new URL(path, import.meta.url)).filter((url) => existsSync(url));
  if (!place) throw new Error(`docs/failures.md is missing: expected it as ${PLACES.join(' or ')}`);
  const page = await readFile(place, 'utf8');
  const [, behind = ''] = page.split(`### \`${code}\`\n`);
  return (behind.split(/^##/m)[0] ?? '').trim();
}

export const FAILURE_CODES: readonly FailureCode[] = failureCode.options;
