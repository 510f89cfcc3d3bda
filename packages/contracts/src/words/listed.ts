/** Lists of names and problems in messages. A list of any length names a few and counts the rest. */
import { printable } from './printable.ts';

/** A name has at most 64 characters, a described problem has more. Longer texts are cut. */
const ITEM_CHARACTERS_MAX = 500;

/** `a, b and 3 more` */
export function listed(texts: readonly string[], max: number, separator = ', '): string {
  const shown = texts.slice(0, max).map((text) => printable(text, ITEM_CHARACTERS_MAX));
  const more = texts.length - shown.length;
  return more > 0 ? `${shown.join(separator)} and ${more} more` : shown.join(separator);
}
