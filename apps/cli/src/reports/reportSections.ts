/**
 * A report as sections of a document for people who were not there: the answer first, then what was compared, what
 * differs, what failed, and what it does not prove. Markdown and HTML are made of it.
 */
import {
  confirmedOf,
  count,
  differenceWords,
  differWords,
  limitWords,
  many,
  type PlacedFailure,
  type ReportedPlace,
  type RunReport,
  restWords,
  type TableReport,
  type Verdict,
} from '@rowparity/contracts';
import { causeLines } from './causeLines.ts';
import { timeWords } from './timeWords.ts';

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'code'; readonly text: string }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Parts of a whole, with a word for how each is to be taken. */
  | { readonly kind: 'parts'; readonly parts: readonly Part[] };

export interface Part {
  readonly label: string;
  readonly value: number;
  readonly mood: Mood;
}

export type Mood = 'good' | 'bad' | 'unknown';

export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export interface ReportDocument {
  readonly title: string;
  /** The answer in one sentence. */
  readonly answer: string;
  readonly mood: Mood;
  readonly sections: readonly Section[];
}

/** Tables that a document lists: of more, those that differ or have no proof. */
const TABLES_LISTED = 200;
const CAUSES_LISTED = 50;
const MOODS: Readonly<Record<Verdict, Mood>> = {
  consistent: 'good',
  inconsistent: 'bad',
  inconclusive: 'unknown',
};

export function reportDocument(report: RunReport): ReportDocument {
  return {
    title: `Rowparity run ${report.runId}`,
    answer: `${answerOf(report)}${whenOf(report)}`,
    mood: report.verdict ? MOODS[report.verdict] : 'unknown',
    sections: [
      { title: 'What was compared', blocks: scopeOf(report) },
      { title: 'Tables', blocks: tablesOf(report) },
      ...section('Causes', causesOf(report)),
      ...section('Schemas that differ', schemasOf(report)),
      ...section('Failures', failuresOf(report)),
      ...section('Rows that kept changing', unstableOf(report)),
      ...section(
        'Notes',
        report.notes.length > 0 ? [{ kind: 'list', items: report.notes.map(({ message }) => message) }] : [],
      ),
      { title: 'What it does not prove', blocks: [{ kind: 'list', items: limitsOf(report) }] },
      { title: 'The spec', blocks: [{ kind: 'code', text: JSON.stringify(report.spec, null, 2) }] },
    ],
  };
}

function section(title: string, blocks: readonly Block[]): Section[] {
  return blocks.length > 0 ? [{ title, blocks }] : [];
}

function whenOf({ verdict, comparedFrom, comparedTo }: RunReport): string {
  return verdict !== null && comparedFrom !== null && comparedTo !== null
    ? ` Compared from ${timeWords(comparedFrom)} to ${timeWords(comparedTo)}.`
    : '';
}

/** The verdict in one sentence, with its reason. */
export function answerOf(report: RunReport): string {
  const { verdict, counts, tables, percent, state, failures } = report;
  const differ = differWords(report);
  switch (verdict) {
    case 'consistent':
      return `Consistent: every row of ${many(tables.length, 'table', 'tables')} is equal on both sides.`;
    case 'inconsistent':
      return `Inconsistent: ${differ}; ${restWords(report)}.`;
    case 'inconclusive':
      return `Inconclusive: ${failures[0]?.message ?? 'not everything was compared.'}`;
    case null:
      return `Not settled: the run is ${state}, and ${percent.toFixed(1)} % of its shards are done${confirmedOf(counts) > 0 ? `; so far ${differ}` : ''}.`;
  }
}

function scopeOf(report: RunReport): Block[] {
  const { direction, counts, tables, shards, createdAt, settledAt } = report;
  const trusted = direction === 'SRC' ? 'source' : 'destination';
  const rows: (readonly string[])[] = [
    ['source', placeWords(report.source)],
    ['destination', placeWords(report.destination)],
    ['direction', `${direction}: the ${trusted} is right`],
    ['tables', count(tables.length)],
    ['rows read, of both sides', count(counts.rowsBase + counts.rowsTarget)],
    [
      'shards',
      `${count(shards.match + shards.differs + shards.inconclusive)} of ${count(shards.total)} done`,
    ],
    ['ordered', timeWords(createdAt)],
    ['settled', settledAt === null ? 'not yet' : timeWords(settledAt)],
    ...(counts.planted > 0
      ? [['self-test', `${count(counts.caught)} of ${count(counts.planted)} planted differences found`]]
      : []),
  ];
  return [{ kind: 'table', head: ['', ''], rows }];
}

function placeWords({ connection, server }: ReportedPlace): string {
  if (!server) return `connection ${connection}; its server was not asked`;
  const { database, host, port, version, uuid } = server;
  return `database ${database} on ${host}:${port}, version ${version}${uuid ? `, server ${uuid}` : ''}`;
}

function tablesOf({ tables, direction }: RunReport): Block[] {
  const counted = (is: (table: TableReport) => boolean) => tables.filter(is).length;
  const parts: Part[] = [
    { label: 'match', value: counted(({ outcome }) => outcome === 'match'), mood: 'good' },
    { label: 'differ', value: counted(({ outcome }) => outcome === 'differs'), mood: 'bad' },
    {
      label: 'without a result',
      value: counted(({ outcome }) => outcome === null || outcome === 'inconclusive'),
      mood: 'unknown',
    },
  ];
  const wanted = tables.filter(({ outcome }) => outcome !== 'match');
  const all = [...wanted, ...tables.filter(({ outcome }) => outcome === 'match')];
  const shown = all.slice(0, Math.max(TABLES_LISTED, Math.min(wanted.length, TABLES_LISTED)));
  const left = all.length - shown.length;
  const [trusted, judged] =
    direction === 'SRC' ? (['source', 'destination'] as const) : (['destination', 'source'] as const);
  const head = [
    'table',
    `rows on ${trusted}`,
    differenceWords('target_missing', judged),
    'differ',
    differenceWords('base_missing', judged),
    'result',
  ];
  return [
    { kind: 'parts', parts },
    { kind: 'table', head, rows: shown.map(tableCells) },
    ...(left > 0 ? [{ kind: 'text' as const, text: `And ${many(left, 'more table', 'more tables')}.` }] : []),
  ];
}

function tableCells({ name, counts, outcome, refusal }: TableReport): readonly string[] {
  const { rowsBase, targetMissing, neq, baseMissing } = counts;
  const result = refusal ? `refused: ${refusal.code}` : (outcome ?? 'in work');
  return [name, count(rowsBase), count(targetMissing), count(neq), count(baseMissing), result];
}

function causesOf(report: RunReport): Block[] {
  const items = causeLines(report, CAUSES_LISTED);
  return items.length > 0 ? [{ kind: 'list', items }] : [];
}

/** Told, not judged. */
function schemasOf({ tables }: RunReport): Block[] {
  const differing = tables.filter(({ schemaDifferences }) => schemaDifferences.length > 0);
  if (differing.length === 0) return [];
  const rows = differing
    .slice(0, TABLES_LISTED)
    .map(({ name, schemaDifferences }) => [name, schemaDifferences.join('; ')]);
  const more = differing.length - rows.length;
  return [
    { kind: 'text', text: 'Their rows were compared all the same. Whether this matters is yours to say.' },
    { kind: 'table', head: ['table', 'beside its rows'], rows },
    ...(more > 0 ? [{ kind: 'text' as const, text: `And ${many(more, 'more table', 'more tables')}.` }] : []),
  ];
}

function failuresOf({ failures, failuresTotal }: RunReport): Block[] {
  if (failuresTotal === 0) return [];
  const groups = [...Map.groupBy(failures, ({ code }) => code)];
  const rows = groups.map(([code, all]) => [code, count(all.length), exampleOf(all[0])]);
  const more = failuresTotal - failures.length;
  return [
    { kind: 'table', head: ['code', 'times', 'first of them'], rows },
    ...(more > 0 ? [{ kind: 'text' as const, text: `And ${count(more)} more that are not kept.` }] : []),
  ];
}

function exampleOf(failure: PlacedFailure | undefined): string {
  return failure ? `${failure.table ? `${failure.table}: ` : ''}${failure.message}` : '';
}

function unstableOf({ unstable, counts }: RunReport): Block[] {
  if (counts.unstable === 0) return [];
  const rows = unstable.map(({ table, key, type, columns }) => [
    table,
    Object.entries(key)
      .map(([name, value]) => `${name}=${value}`)
      .join(', '),
    type,
    columns.join(', '),
  ]);
  const more = counts.unstable - rows.length;
  return [
    { kind: 'table', head: ['table', 'key', 'as seen last', 'columns'], rows },
    ...(more > 0 ? [{ kind: 'text' as const, text: `And ${count(more)} more.` }] : []),
  ];
}

function limitsOf(report: RunReport): string[] {
  return [
    ...limitWords(report),
    'That this file was written by Rowparity: only the certificate can be verified.',
  ];
}
