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
  for (let at = 0; at < text.length; ) {
    const space = matchAt(SPACE, text, at);
    const word = matchAt(WORD, text, at);
    const character = text[at] as string;
    if (space) at += space.length;
    else if (word) {
      tokens.push({ kind: 'word', text: word });
      at += word.length;
    } else if (character === "'" || character === '"' || character === '`') {
      const end = closingQuote(text, at);
      if (end === undefined) return { kind: 'open' };
      tokens.push({ kind: character === '`' ? 'name' : 'string' });
      at = end + 1;
    } else {
      const pair = text.slice(at, at + 2);
      const sign = PAIRS.has(pair) ? pair : character;
      tokens.push({ kind: 'sign', text: sign });
      at += sign.length;
    }
  }
  return { kind: 'tokens', tokens };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

/** Where the quote that begins at `start` ends: a doubled one goes on, and so does one behind a backslash. */
function closingQuote(text: string, start: number): number | undefined {
  const quote = text[start];
  for (let at = start + 1; at < text.length; at += 1) {
    if (text[at] === '\\' && quote !== '`') at += 1;
    else if (text[at] === quote && text[at + 1] === quote) at += 1;
    else if (text[at] === quote) return at;
  }
  return undefined;
}
