/** A finding as lines for a terminal, or for a file: sign, check, what was found, and how to mend it. */
import { type Finding, printable } from '@rowparity/contracts';
import { widest } from '../terminal/cells.ts';
import { type Mood, type Paint, painted, unpainted } from '../terminal/paint.ts';

/** What lines are written for. */
export interface Page {
  readonly width: number;
  readonly paint: Paint;
}

const SIGNS: Readonly<Record<Finding['level'], readonly [sign: string, mood: Mood]>> = {
  ok: ['✓', 'good'],
  warning: ['!', 'unknown'],
  error: ['✗', 'bad'],
  skipped: ['-', 'quiet'],
};
/** The longest name of a check. */
const CHECK_CELLS = 11;
const INDENT = `  ${' '.repeat(2 + CHECK_CELLS + 1)}`;
/** Of a terminal that does not tell, and of a reader. */
const WIDTH = 80;
const WIDTH_MIN = 60;
const WIDTH_MAX = 100;

export function pageOf(stream: NodeJS.WriteStream): Page {
  const width = Math.min(Math.max(stream.columns ?? WIDTH, WIDTH_MIN), WIDTH_MAX);
  return { width, paint: stream.isTTY === true ? painted(stream) : unpainted };
}

export function findingLines(
  { check, level, message, remedy, table }: Finding,
  { width, paint }: Page,
): string[] {
  const name = table === undefined || message.includes(table) ? '' : `${table}: `;
  const [first = '', ...rest] = wrapped(printable(`${name}${message}`), width - INDENT.length);
  const advice = remedy === undefined ? [] : wrapped(printable(`→ ${remedy}`), width - INDENT.length, '  ');
  const [sign, mood] = SIGNS[level];
  return [
    `  ${paint(mood, sign)} ${check.padEnd(CHECK_CELLS)} ${first}`,
    ...[...rest, ...advice].map((line) => `${INDENT}${line}`),
  ];
}

/** A word that is longer than a line has one of its own. */
export function wrapped(text: string, width: number, hanging = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widest([longer]) <= width || line === '') {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `${hanging}${word}`;
  }
  return [...lines, line];
}
