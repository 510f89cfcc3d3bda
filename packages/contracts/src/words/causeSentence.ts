/**
 * In which ways rows differ: a sentence for each group. A browser loads this file as it is, so it imports only what a
 * browser can load, too.
 */
import { type Cause, causeWords } from './causeWords.ts';
import { many } from './numberWords.ts';
import { differenceWords } from './verdictWords.ts';

/** What it needs of a group of a report. */
export interface ToldGroup {
  readonly table: string;
  readonly type: 'target_missing' | 'neq' | 'base_missing';
  readonly column: string | null;
  readonly cause: Cause | null;
  readonly rows: number;
  readonly low: string | null;
  readonly high: string | null;
  readonly example: Readonly<Record<string, string>> | null;
}

/** `judged`: the side that is judged, as people call it. */
export function causeSentence(group: ToldGroup, judged: 'source' | 'destination'): string {
  const { table, type, column, rows, cause } = group;
  const counted = many(rows, 'row', 'rows');
  const place = placeWords(group);
  if (type !== 'neq') return `${table}: ${counted} ${differenceWords(type, judged)}${place}`;
  const why = cause && cause.code !== 'other' ? `: ${causeWords(cause)}` : '';
  return `${table}.${column}: ${counted} ${rows === 1 ? 'differs' : 'differ'}${why}${place}`;
}

/** Where they lie, as far as their keys tell. */
function placeWords({ example, low, high, rows }: ToldGroup): string {
  if (!example) return '';
  const [[name = '', key = ''] = []] = Object.entries(example);
  const isRange = low !== null && high !== null && low !== high;
  if (isRange && BigInt(high) - BigInt(low) + 1n === BigInt(rows))
    return ` (all of ${name} ${low} to ${high})`;
  if (isRange) return ` (${name} ${low} to ${high}, e.g. ${key})`;
  const named = Object.entries(example).map(([column, text]) => `${column}=${text}`);
  return ` (${rows === 1 ? '' : 'e.g. '}${named.join(', ')})`;
}
