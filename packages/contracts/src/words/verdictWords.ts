/**
 * What a run found, in parts of sentences: reports and the web page say it in the same words. A browser loads this file
 * as it is, so it imports only what a browser can load, too.
 */
import { many } from './numberWords.ts';

interface Differences {
  readonly targetMissing: number;
  readonly neq: number;
  readonly baseMissing: number;
  /** Known before, and confirmed again: by its key, and once more above where the whole table was read, too. */
  readonly knownStill: number;
  /** Of those above, the ones that were not known before. */
  readonly knownNew: number;
}

/** The parts of a report that these words need. */
export interface ToldRun {
  readonly complete: boolean;
  readonly counts: Differences & { readonly unstable: number };
  readonly tables: readonly {
    readonly counts: Differences;
    readonly refusal: object | null;
    readonly shards: { readonly inconclusive: number };
  }[];
}

/** Rows that differ, each once, whether a run reads its tables, the keys that were known, or both. */
export function differencesOf(counts: Differences): number {
  const { targetMissing, neq, baseMissing, knownStill, knownNew } = counts;
  return Math.max(targetMissing + neq + baseMissing, knownStill + knownNew);
}

/** `7 rows differ in 2 tables` */
export function differWords({ counts, tables }: Pick<ToldRun, 'counts' | 'tables'>): string {
  const differing = tables.filter((table) => differencesOf(table.counts) > 0).length;
  const rows = many(differencesOf(counts), 'row differs', 'rows differ');
  return `${rows} in ${many(differing, 'table', 'tables')}`;
}

/** What is to be said of the rows that do not differ. */
export function restWords(run: ToldRun): string {
  const equal = 'everything else that was compared is equal';
  const unproved = unprovedWords(run);
  if (unproved.length > 0) return [...unproved, equal].join('; ');
  return run.complete ? equal : 'not everything was compared';
}

/** `3 shards could not be read`, and the like: each reason why there is no proof, none where there is another one. */
export function unprovedWords({ counts, tables }: Pick<ToldRun, 'counts' | 'tables'>): readonly string[] {
  const refused = tables.filter(({ refusal }) => refusal !== null).length;
  const shards = tables.reduce((sum, table) => sum + table.shards.inconclusive, 0);
  return [
    ...(refused > 0 ? [`${many(refused, 'table', 'tables')} could not be compared`] : []),
    ...(shards > 0 ? [`${many(shards, 'shard has', 'shards have')} no proof`] : []),
    ...(counts.unstable > 0 ? [`${many(counts.unstable, 'row', 'rows')} kept changing`] : []),
  ];
}

/** Whether a difference is of the one kind or the other, by the names of the sides that people use. */
export function differenceWords(
  type: 'target_missing' | 'neq' | 'base_missing',
  judged: 'source' | 'destination',
): string {
  switch (type) {
    case 'target_missing':
      return `missing on ${judged}`;
    case 'base_missing':
      return `only on ${judged}`;
    case 'neq':
      return 'differs';
  }
}

interface ScopeOfRun {
  readonly inherited: { readonly shards: number; readonly basedOn: string } | null;
  readonly spec: { readonly tables: readonly object[]; readonly changedSince?: unknown };
}

/** What a verdict does not prove. */
export function limitWords({ inherited, spec }: ScopeOfRun): readonly string[] {
  return [
    'One moment: each key was compared at its own, between the first and the last time of the run. What changed later is not in it.',
    'Anything but rows: in what two schemas differ is told and changes no verdict, and views and triggers were not looked at.',
    ...(spec.tables.some((table) => 'where' in table && table.where !== undefined)
      ? ['Rows outside of the predicates of the spec.']
      : []),
    ...(inherited
      ? [`${many(inherited.shards, 'shard is', 'shards are')} of run ${inherited.basedOn} or an earlier one.`]
      : []),
    ...(spec.changedSince
      ? ['Rows that did not change since the time of the spec, and rows that were deleted.']
      : []),
  ];
}
