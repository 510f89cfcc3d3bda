/** The findings of a diagnosis as lines for a terminal. */
import { type DoctorReport, type Finding, printable } from '@rowparity/contracts';

const SIGN: Readonly<Record<Finding['level'], string>> = { ok: '✓', warning: '!', error: '✗', skipped: '-' };
/** The longest name of a check. */
const CHECK_CELLS = 11;
const INDENT = `  ${' '.repeat(2 + CHECK_CELLS + 1)}`;
/** Of a terminal that does not tell, and of a reader. */
const WIDTH = 80;
const WIDTH_MIN = 60;
const WIDTH_MAX = 100;
/** More tables that are well are only counted. */
const TABLES_SHOWN = 10;

export function terminalWidth(): number {
  return Math.min(Math.max(process.stdout.columns ?? WIDTH, WIDTH_MIN), WIDTH_MAX);
}

/** `places` says where a subject is, such as `db1:3306/shop`. */
export function doctorLines(
  { findings }: DoctorReport,
  { places, width }: { readonly places: ReadonlyMap<string, string>; readonly width: number },
): string[] {
  const wells = findings.filter(isWellTable).length;
  const shown = wells > TABLES_SHOWN ? findings.filter((one) => !isWellTable(one)) : findings;
  const groups = [...Map.groupBy(shown, ({ subject }) => subject)];
  return [
    ...groups.flatMap(([subject, own]) => [
      printable(titleOf(subject, places)),
      ...own.flatMap((one) => findingLines(one, width)),
      '',
    ]),
    ...wrapped(summary(findings), width),
  ];
}

const TITLES: Readonly<Record<string, string>> = {
  both: 'both together',
  machine: 'this machine',
};

function titleOf(subject: string, places: ReadonlyMap<string, string>): string {
  const place = places.get(subject);
  return `${TITLES[subject] ?? subject}${place === undefined ? '' : `  ${place}`}`;
}

/** As a group of findings has them, below its title. */
export function findingLines({ check, level, message, remedy, table }: Finding, width: number): string[] {
  const name = table === undefined || message.includes(table) ? '' : `${table}: `;
  const [first = '', ...rest] = wrapped(printable(`${name}${message}`), width - INDENT.length);
  const advice = remedy === undefined ? [] : wrapped(printable(`→ ${remedy}`), width - INDENT.length, '  ');
  return [
    `  ${SIGN[level]} ${check.padEnd(CHECK_CELLS)} ${first}`,
    ...[...rest, ...advice].map((line) => `${INDENT}${line}`),
  ];
}

/** A word that is longer than a line has one of its own. */
function wrapped(text: string, width: number, hanging = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width || line === '') {
      line = longer;
      continue;
    }
    lines.push(line);
    line = `${hanging}${word}`;
  }
  return [...lines, line];
}

function isWellTable({ check, level }: Finding): boolean {
  return check === 'table' && level === 'ok';
}

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding['level']) => findings.filter((one) => one.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  if (errors === 0 && warnings === 0) return 'All is well.';
  const counts = [numbered(errors, 'error'), numbered(warnings, 'warning')].filter(Boolean).join(', ');
  return errors === 0
    ? `${counts}. A run can begin.`
    : `${counts}. Mend what has a ✗ first: a run would be refused, or prove nothing about it.`;
}

function numbered(count: number, word: string): string {
  return count === 0 ? '' : `${count} ${word}${count === 1 ? '' : 's'}`;
}
