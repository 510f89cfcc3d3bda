// The steps of a page that shows commands (`sh`) and what they print (`text`), and whether a real output is like that.

import { readPage } from './pages.ts';

export interface PageStep {
  readonly command: string;
  /** Lines of its output; `…` stands for what is left out: lines, or the rest of one. */
  readonly shown: readonly string[];
}

const LEFT_OUT = '…';

export function stepsOf(page: string): readonly PageStep[] {
  const steps: PageStep[] = [];
  for (const [, language, body = ''] of readPage(page).matchAll(/^```(sh|text)\n([\s\S]*?)\n```$/gm)) {
    const lines = body.split('\n');
    const last = steps.pop();
    if (last) steps.push(language === 'text' ? { ...last, shown: lines } : last);
    if (language === 'sh') steps.push(...lines.map((command) => ({ command, shown: [] })));
  }
  return steps;
}

/** The first shown line that is not printed where the page has it; undefined when all are. */
export function missingLine(shown: readonly string[], printed: string): string | undefined {
  const lines = printed.split('\n').map((line) => line.trimEnd());
  let next = 0;
  let mayLeaveOut = true;
  for (const line of shown) {
    if (line === LEFT_OUT) {
      mayLeaveOut = true;
      continue;
    }
    const place = lines.findIndex((one, i) => i >= next && isLike(line, one));
    if (place < 0 || (!mayLeaveOut && place !== next)) return line;
    next = place + 1;
    mayLeaveOut = false;
  }
  return undefined;
}

function isLike(shown: string, printed: string): boolean {
  const parts = shown.split(LEFT_OUT).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(printed);
}
