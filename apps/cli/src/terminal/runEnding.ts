/**
 * A run for a person who reads it once, on a terminal or in a log: the answer and as of when, the tables that differ or
 * have no result, why, what failed and how often, and what comes next. Names are whole; nothing is drawn over.
 */
import { count, many, printable, type RunReport } from '@rowparity/contracts';
import { causeLines } from '../reports/causeLines.ts';
import { settledLines, unstableLines } from '../reports/reportDetails.ts';
import { answerOf } from '../reports/reportSections.ts';
import { endedFailures } from './endedFailures.ts';
import { endedTables } from './endedTables.ts';
import { type Mood, type Paint, unpainted } from './paint.ts';
import { pausedHosts, sumsOf } from './progressLine.ts';

const INDENT = '  ';
const CAUSES_LISTED = 10;

export interface Ending {
  readonly report: RunReport;
  readonly paint?: Paint;
  /** Commands that come next. */
  readonly next?: readonly string[];
}

export function runEnding({ report, paint = unpainted, next = [] }: Ending): string[] {
  return [
    paint(moodOf(report), `${signOf(report)} ${printable(answerOf(report))}`),
    ...[`run ${report.runId}, ${sumsOf(report)}`, ...settledLines(report)].map(indented),
    ...part('Tables', endedTables(report, paint)),
    ...part('Causes', causeLines(report, CAUSES_LISTED).map(indented)),
    ...part('Failures', endedFailures(report).map(indented)),
    ...part('Rows that kept changing', unstableLines(report).map(indented)),
    ...part('Known before', knownLines(report).map(indented)),
    ...part('Notes', notesOf(report).map(indented)),
    ...part('Next', next.map(indented)),
  ];
}

function part(title: string, lines: readonly string[]): string[] {
  return lines.length > 0 ? ['', title, ...lines] : [];
}

function indented(line: string): string {
  return `${INDENT}${printable(line)}`;
}

const MOODS = { consistent: 'good', inconsistent: 'bad', inconclusive: 'unknown' } as const;
const SIGNS: Readonly<Record<Mood, string>> = { good: '✓', bad: '✗', unknown: '?', quiet: '·', strong: '·' };

function moodOf({ verdict }: RunReport): Mood {
  return verdict ? MOODS[verdict] : 'strong';
}

function signOf(report: RunReport): string {
  return SIGNS[moodOf(report)];
}

/** What became of the known differences of the run that this one follows. */
function knownLines({ follows, counts }: RunReport): string[] {
  if (follows === null) return [];
  const { knownResolved, knownStill, knownUnstable, knownHidden, knownNew } = counts;
  const told = [
    `${count(knownResolved)} resolved`,
    `${count(knownStill)} still different`,
    ...(knownUnstable > 0 ? [`${count(knownUnstable)} unstable`] : []),
    ...(knownHidden > 0 ? [`${count(knownHidden)} that cannot be told`] : []),
    ...(knownNew > 0 ? [`${count(knownNew)} new`] : []),
  ];
  return [`known differences of run ${follows}: ${told.join(', ')}`];
}

function notesOf(report: RunReport): string[] {
  const differing = report.tables.filter(({ schemaDifferences }) => schemaDifferences.length > 0);
  const [first] = differing;
  return [
    ...pausedHosts(report),
    ...report.notes.map(({ message }) => message),
    ...(first
      ? [
          `${many(differing.length, 'table has', 'tables have')} schemas that differ beside the rows, such as ${first.name}: ${first.schemaDifferences.join('; ')}. A report as .md or .html has all.`,
        ]
      : []),
  ];
}
