/** What a check found, in groups of one cause, and the commands that come next. */
import { type KnownAnswer, knownQuery, type RunReport } from '@rowparity/contracts';
import { causeSentences, knownOf, type LedgerReadings, type ToldDifference } from '@rowparity/core';
import { STANDARD_OUTPUT } from '../output/standardOutput.ts';

/** Differences that are read for it, and groups that are told. */
const READ_MAX = 5000;
const PAGE = 1000;
const GROUPS_MAX = 10;

export interface FoundIn {
  readonly report: RunReport;
  readonly ledger: LedgerReadings;
  /** Where the events went: a file, or `-`. */
  readonly events: string;
}

/** Empty where nothing differs. */
export async function foundWords({ report, ledger, events }: FoundIn): Promise<readonly string[]> {
  const told = await kept(report.runId, ledger);
  if (told.differences.length === 0) return [];
  const judged = report.direction === 'SRC' ? 'destination' : 'source';
  const sentences = causeSentences(told.differences, judged);
  const more = sentences.length - GROUPS_MAX;
  const part = told.isWhole
    ? []
    : [`these are the causes of the ${told.differences.length} rows whose keys were kept`];
  return [
    ...sentences.slice(0, GROUPS_MAX).map((sentence) => `differs: ${sentence}`),
    ...(more > 0 ? [`differs: and ${more} more groups`] : []),
    ...part.map((words) => `note: ${words}`),
    ...nextLines(events),
  ];
}

function nextLines(events: string): string[] {
  if (events === STANDARD_OUTPUT)
    return [
      'next: keep the events with --events FILE, then "rowparity diff FILE" shows the rows side by side',
    ];
  return [`next: rowparity diff ${events}`, `next: rowparity repair ${events} --sql repair.sql`];
}

async function kept(runId: string, ledger: LedgerReadings) {
  const differences: ToldDifference[] = [];
  let isWhole = true;
  let cursor: string | undefined;
  do {
    const page = await knownOf(runId, knownQuery.parse({ limit: String(PAGE), cursor }), ledger);
    if (!page) break;
    if (page.tables.some(({ overflowed }) => overflowed)) isWhole = false;
    differences.push(...page.known.filter(({ state }) => state !== 'resolved').map(toldOf));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined && differences.length < READ_MAX);
  return { differences, isWhole: isWhole && cursor === undefined };
}

function toldOf({ table, key, type, columns, causes }: KnownAnswer['known'][number]): ToldDifference {
  const parts = Object.entries(key).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : `0x${value.hex}`}`,
  );
  return { table, key: parts.join(', '), type, columns, causes };
}
