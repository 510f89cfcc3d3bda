/** The tables of a run, a line each: of many, those that differ or have no result, and the others as a number. */
import { count, many, printable, type RunReport, type TableReport } from '@rowparity/contracts';
import { foundCounts, placesOf } from '../reports/foundCounts.ts';
import { padTo, widest } from './cells.ts';
import type { Paint } from './paint.ts';

/** Up to so many tables each has its line; of more, those that a person looks for, and so many of these. */
const TABLES_LISTED = 20;
const FOUND_LISTED = 50;
const INDENT = '  ';

export function endedTables(report: RunReport, paint: Paint): string[] {
  const { tables } = report;
  const isShort = tables.length <= TABLES_LISTED;
  const wanted = tables.filter(({ outcome, shards }) =>
    outcome === null ? shards.running > 0 || isShort : outcome !== 'match',
  );
  const all = isShort ? [...wanted, ...tables.filter(({ outcome }) => outcome === 'match')] : wanted;
  const shown = all.slice(0, FOUND_LISTED);
  const left = all.length - shown.length;
  return [
    ...aligned(shown, report).map((line, i) => {
      const { outcome } = shown[i] as TableReport;
      return outcome === null || outcome === 'match'
        ? line
        : paint(outcome === 'differs' ? 'bad' : 'unknown', line);
    }),
    ...(left > 0 ? [`${INDENT}and ${many(left, 'more table', 'more tables')} of these`] : []),
    ...(isShort ? [] : [INDENT + restOf(report, wanted.length)]),
  ];
}

function aligned(tables: readonly TableReport[], { direction }: RunReport): string[] {
  const names = tables.map(({ name }) => printable(name));
  const rows = tables.map(({ counts }) => count(counts.rowsBase));
  const [nameCells, rowCells] = [widest(names), widest(rows)];
  return tables.map((table, i) => {
    const found = foundCounts(table.counts, placesOf(direction));
    const state = table.refusal ? `refused: ${table.refusal.code}` : (table.outcome ?? 'not done');
    const unit = table.counts.rowsBase === 1 ? 'row ' : 'rows';
    const cells = [padTo(names[i] ?? '', nameCells), `${(rows[i] ?? '').padStart(rowCells)} ${unit}`, state];
    return `${INDENT}${[...cells, ...(found === '' ? [] : [found])].join('  ')}`;
  });
}

function restOf({ tables }: RunReport, wanted: number): string {
  const equal = tables.filter(({ outcome }) => outcome === 'match');
  const rows = equal.reduce((sum, table) => sum + table.counts.rowsBase, 0);
  const open = tables.length - equal.length - wanted;
  return `${count(equal.length)} of ${many(tables.length, 'table matches', 'tables match')}, with ${many(rows, 'row', 'rows')}${open > 0 ? `; ${count(open)} not begun` : ''}`;
}
