/** What a check found, in groups of one cause, and the commands that come next. */
import {
  count,
  differencesOf,
  type KnownAnswer,
  knownQuery,
  many,
  type RunReport,
} from '@rowparity/contracts';
import { causeSentences, knownOf, type LedgerReadings, type ToldDifference } from '@rowparity/core';
import { STANDARD_OUTPUT } from '../output/standardOutput.ts';
import { placesOf } from '../reports/foundCounts.ts';
import { shellWord } from '../usage/shellWord.ts';

/** Differences that are read for it, and groups that are told. */
const READ_MAX = 5000;
const PAGE = 1000;
const GROUPS_MAX = 10;
const CODES_MAX = 3;

export interface FoundIn {
  readonly report: RunReport;
  readonly ledger: LedgerReadings;
  /** Where the events went: a file, or `-`. */
  readonly events: string;
}

export interface FoundWords {
  /** Why rows differ, in groups of one cause. */
  readonly causes: readonly string[];
  /** The commands that come next. */
  readonly next: readonly string[];
}

export async function foundWords({ report, ledger, events }: FoundIn): Promise<FoundWords> {
  const told = await kept(report.runId, ledger);
  const { judged } = placesOf(report.direction);
  const sentences = causeSentences(told.differences, judged);
  const more = sentences.length - GROUPS_MAX;
  const part =
    told.isWhole || told.differences.length === 0
      ? []
      : [`These are the causes of the ${count(told.differences.length)} rows whose keys were kept.`];
  return {
    causes: [
      ...sentences.slice(0, GROUPS_MAX),
      ...(more > 0 ? [`and ${many(more, 'more group', 'more groups')}`] : []),
      ...part,
    ],
    next: nextCommands(report, events),
  };
}

function nextCommands({ counts, failures }: RunReport, events: string): string[] {
  const codes = [...new Set(failures.map(({ code }) => code))].slice(0, CODES_MAX);
  const explained = codes.map((code) => `rowparity explain ${code}`);
  if (differencesOf(counts) === 0) return explained;
  const shown =
    events === STANDARD_OUTPUT
      ? ['keep the events with --events FILE, then "rowparity diff FILE" shows the rows side by side']
      : [`rowparity diff ${shellWord(events)}`, `rowparity repair ${shellWord(events)} --sql repair.sql`];
  return [...shown, ...explained];
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
