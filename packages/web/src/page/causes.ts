/** Why the answer is not yes: causes in groups, each with an example and with what to do. Pure. */
import type { PlacedFailure, RunReport } from '@rowparity/contracts';
import { causeSentence } from '@rowparity/contracts/words/causeSentence';
import { count, many } from '@rowparity/contracts/words/numberWords';
import { differencesOf } from '@rowparity/contracts/words/verdictWords';
import { FAILURE_TITLES } from './failureTitles.ts';

export interface Cause {
  readonly mood: 'bad' | 'unknown';
  /** A few words. */
  readonly title: string;
  /** Where, as names with numbers. */
  readonly places: string;
  /** In which ways, where it is known: sentences. */
  readonly ways: readonly string[];
  /** What to do, in a sentence. */
  readonly advice: string;
  /** A code of docs/failures.md. */
  readonly code?: string;
}

const NAMED_MAX = 4;
const WAYS_MAX = 8;

export function causesOf(report: RunReport): readonly Cause[] {
  return [...differences(report), ...failures(report)];
}

function differences({ counts, tables, causes, direction }: RunReport): Cause[] {
  const rows = differencesOf(counts);
  if (rows === 0) return [];
  const differing = tables
    .filter((table) => differencesOf(table.counts) > 0)
    .toSorted((a, b) => differencesOf(b.counts) - differencesOf(a.counts))
    .map((table) => `${table.name} ${count(differencesOf(table.counts))}`);
  const advice =
    'Repair them: "rowparity repair" writes the SQL. Look at them again with "rowparity recheck", then order a new full run.';
  const judged = direction === 'SRC' ? 'destination' : 'source';
  const ways = causes.slice(0, WAYS_MAX).map((group) => causeSentence(group, judged));
  return [
    { mood: 'bad', title: many(rows, 'row differs', 'rows differ'), places: named(differing), ways, advice },
  ];
}

function failures({ failures: all, failuresTotal }: RunReport): Cause[] {
  const groups = [...Map.groupBy(all, ({ code }) => code)];
  const left = failuresTotal - all.length;
  const more: Cause[] =
    left > 0
      ? [
          {
            mood: 'unknown',
            title: `${count(left)} further failures`,
            places: 'The report keeps the first ones only.',
            ways: [],
            advice: 'Begin with those above: further ones most often have the same causes.',
          },
        ]
      : [];
  return [...groups.map(([code, group]) => causeOf(code, group)), ...more];
}

function causeOf(code: PlacedFailure['code'], group: readonly PlacedFailure[]): Cause {
  const tables = Map.groupBy(group, ({ table }) => table ?? 'the whole run');
  const places = [...tables].map(([name, found]) =>
    found.some(({ shard }) => shard !== undefined)
      ? `${name} ${many(found.length, 'shard', 'shards')}`
      : name,
  );
  return {
    mood: 'unknown',
    title: FAILURE_TITLES[code],
    places: named(places),
    ways: [],
    advice: group[0]?.message ?? '',
    code,
  };
}

function named(texts: readonly string[]): string {
  const more = texts.length - NAMED_MAX;
  return more > 0 ? `${texts.slice(0, NAMED_MAX).join(', ')} and ${count(more)} more` : texts.join(', ');
}
