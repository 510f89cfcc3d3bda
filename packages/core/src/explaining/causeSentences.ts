/** What differs, in groups: a sentence for each table, column and cause, and for missing rows. */
import { causeWords, type DifferenceCause, type InconsistencyType } from '@rowparity/contracts';

export interface ToldDifference {
  readonly table: string;
  /** For people. */
  readonly key: string;
  readonly type: InconsistencyType;
  readonly columns: readonly string[];
  readonly causes?: readonly DifferenceCause[] | undefined;
}

interface Group {
  /** Words for a number of rows. */
  readonly words: (rows: string, isOne: boolean) => string;
  readonly key: string;
  rows: number;
}

/** The largest groups first. `judged`: the side that is judged, as people call it. */
export function causeSentences(
  differences: Iterable<ToldDifference>,
  judged: 'source' | 'destination',
): readonly string[] {
  const groups = new Map<string, Group>();
  for (const difference of differences) {
    for (const words of partsOf(difference, judged)) {
      const name = words('', false);
      const group = groups.get(name) ?? { words, key: difference.key, rows: 0 };
      group.rows += 1;
      groups.set(name, group);
    }
  }
  return [...groups.values()]
    .sort((a, b) => b.rows - a.rows)
    .map(({ words, key, rows }) => {
      const isOne = rows === 1;
      return `${words(`${rows.toLocaleString('en-US')} ${isOne ? 'row' : 'rows'}`, isOne)} (e.g. ${key})`;
    });
}

function partsOf({ table, type, columns, causes }: ToldDifference, judged: string): Group['words'][] {
  if (type === 'target_missing') return [(rows) => `${table}: ${rows} missing on ${judged}`];
  if (type === 'base_missing') return [(rows) => `${table}: ${rows} only on ${judged}`];
  return columns.map((column, i) => {
    const cause = causes?.[i];
    const why = cause && cause.code !== 'other' ? `: ${causeWords(cause)}` : '';
    return (rows, isOne) => `${table}.${column}: ${rows} ${isOne ? 'differs' : 'differ'}${why}`;
  });
}
