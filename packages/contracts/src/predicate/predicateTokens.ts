/** Cuts a predicate into words, quoted texts and signs, as MySQL reads it without ANSI_QUOTES. */

export type PredicateToken =
  /** Outside of quotes: a keyword, a name or a number. */
  | { readonly kind: 'word'; readonly text: string }
  /** A name between backquotes. */
  | { readonly kind: 'name' }
  | { readonly kind: 'string' }
  | { readonly kind: 'sign'; readonly text: string };

export type PredicateTokens =
  | { readonly kind: 'tokens'; readonly tokens: readonly PredicateToken[] }
  /** A quote that is never closed. */
  | { readonly kind: 'open' };

/** Every character beyond ASCII may stand in a name without quotes. */
const WORD = /[0-9A-Za-z_$\u0080-\uffff]+/y;
const SPACE = /[ \t\r\n]+/y;
/** Signs of two characters that matter here. */
const PAIRS: ReadonlySet<string> = new Set(['--', '/*', '*/', ':=']);

export function predicateTokens(text: string): PredicateTokens {
  const tokens: PredicateToken[] = [];
  for (let position = 0; position < text.length; ) {
    const space = matchAt(SPACE, text, position);
    const word = matchAt(WORD, text, position);
    const character = text[position] as string;
    if (space) position += space.length;
    else if (word) {
      tokens.push({ kind: 'word', text: word });
      position += word.length;
    } else if (character === "'" || character === '"' || character === '`') {
      const end = closingQuote(text, position);
      if (end === undefined) return { kind: 'open' };
      tokens.push({ kind: character === '`' ? 'name' : 'string' });
      position = end + 1;
    } else {
      const pair = text.slice(position, position + 2);
      const sign = PAIRS.has(pair) ? pair : character;
      tokens.push({ kind: 'sign', text: sign });
      position += sign.length;
    }
  }
  return { kind: 'tokens', tokens };
}

function matchAt(pattern: RegExp, text: string, start: number): string | undefined {
  pattern.lastIndex = start;
  return pattern.exec(text)?.[0];
}

/** Where the quote that begins at `start` ends. A doubled quote, or one after a backslash, does not end it. */
function closingQuote(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let position = start + 1; position < text.length; position += 1) {
    if (text[position] === '\\' && quote !== '`') position += 1;
    else if (text[position] === quote && text[position + 1] === quote) position += 1;
    else if (text[position] === quote) return position;
  }
  return undefined;
}
