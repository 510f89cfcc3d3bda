/**
 * Makes a text of users or servers safe for a line of output: a name may hold line breaks, escape sequences that move
 * the cursor, and marks that change the reading direction.
 */

/** Control and format characters, separators of lines, halves of surrogate pairs; joiners belong to words and emoji. */
const UNPRINTABLE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** One line without control characters; longer than `charactersMax` it ends with "…". */
export function printable(text: string, charactersMax = Number.POSITIVE_INFINITY): string {
  // Cut first, so that a text of megabytes is not walked.
  const isLong = text.length > charactersMax;
  const shown = isLong ? text.slice(0, charactersMax - 1) : text;
  const escaped = shown.replace(UNPRINTABLE, escapeOf);
  return isLong ? `${escaped}…` : escaped;
}

function escapeOf(character: string): string {
  const hex = (character.codePointAt(0) as number).toString(16);
  return SHORT[character] ?? (hex.length <= 2 ? `\\x${hex.padStart(2, '0')}` : `\\u{${hex}}`);
}
