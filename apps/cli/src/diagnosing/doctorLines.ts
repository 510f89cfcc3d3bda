/** The findings of a diagnosis as lines, grouped by what they are about. */
import { type DoctorReport, type Finding, printable } from '@rowparity/contracts';
import { findingLines, type Page, wrapped } from './findingLines.ts';

/** More tables that are well are only counted. */
const TABLES_SHOWN = 10;

/** `places` says where a subject is, such as `db1:3306/shop`. */
export function doctorLines(
  { findings }: DoctorReport,
  places: ReadonlyMap<string, string>,
  page: Page,
): string[] {
  const wells = findings.filter(isWellTable).length;
  const shown = wells > TABLES_SHOWN ? findings.filter((one) => !isWellTable(one)) : findings;
  const groups = [...Map.groupBy(shown, ({ subject }) => subject)];
  return [
    ...groups.flatMap(([subject, own]) => [
      titleOf(subject, places, page),
      ...own.flatMap((one) => findingLines(one, page)),
      '',
    ]),
    ...wrapped(summary(findings), page.width),
  ];
}

const TITLES: Readonly<Record<string, string>> = {
  both: 'both together',
  machine: 'this machine',
};

function titleOf(subject: string, places: ReadonlyMap<string, string>, { paint }: Page): string {
  const title = paint('strong', printable(TITLES[subject] ?? subject));
  const place = places.get(subject);
  return place === undefined ? title : `${title}  ${printable(place)}`;
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
