import { doctorReportOf, type Finding } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { unpainted } from '../terminal/paint.ts';
import { doctorLines } from './doctorLines.ts';

const PAGE = { width: 40, paint: unpainted };
const NO_PLACES = new Map<string, string>();

function table(name: string, rest: Partial<Finding> = {}): Finding {
  return { subject: 'both', check: 'table', level: 'ok', table: name, message: 'by key id', ...rest };
}

it('each finding is below its subject, long texts go on below their beginning, and the remedy is marked', () => {
  const findings: Finding[] = [
    { subject: 'source', check: 'login', level: 'ok', message: 'logged in as reader@%' },
    {
      subject: 'source',
      check: 'tls',
      level: 'warning',
      message: 'no TLS: plain text here',
      remedy: 'Add ?tls=verify to the URL.',
    },
    table('orders', { level: 'error', message: 'Table orders is gone.' }),
  ];
  expect(doctorLines(doctorReportOf(findings), new Map([['source', 'db1:3306/shop']]), PAGE)).toEqual([
    'source  db1:3306/shop',
    '  ✓ login       logged in as reader@%',
    '  ! tls         no TLS: plain text here',
    '                → Add ?tls=verify to the',
    '                  URL.',
    '',
    'both together',
    '  ✗ table       Table orders is gone.',
    '',
    '1 error, 1 warning. Mend what has a ✗',
    'first: a run would be refused, or prove',
    'nothing about it.',
  ]);
});

it('of many tables only those are shown that are not well', () => {
  const wells = Array.from({ length: 500 }, (_, i) => table(`t${i}`));
  const lines = doctorLines(doctorReportOf([...wells, table('odd', { level: 'warning' })]), NO_PLACES, PAGE);
  expect(lines).toEqual([
    'both together',
    '  ! table       odd: by key id',
    '',
    '1 warning. A run can begin.',
  ]);
});

it('no character of a name moves the cursor, and wide characters are counted as they show', () => {
  const odd = table('a\x1b[2J\n', { level: 'error', message: '表'.repeat(10) });
  const lines = doctorLines(doctorReportOf([odd]), NO_PLACES, PAGE);
  expect(lines.join('')).not.toMatch(/\p{Cc}/u);
  expect(lines).toContain(`                ${'表'.repeat(10)}`);
});
