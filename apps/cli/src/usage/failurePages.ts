/** What docs/failures.md says of each code: the page is read, so there is one text of each. */
import { readFile } from 'node:fs/promises';
import { type FailureCode, failureCode } from '@rowparity/contracts';

const PAGE = new URL('../../../../docs/failures.md', import.meta.url);

/** Markdown, without its heading. */
export async function failurePage(code: FailureCode): Promise<string> {
  const page = await readFile(PAGE, 'utf8');
  const [, behind = ''] = page.split(`### \`${code}\`\n`);
  return (behind.split(/^##/m)[0] ?? '').trim();
}

export const FAILURE_CODES: readonly FailureCode[] = failureCode.options;
