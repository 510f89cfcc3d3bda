/**
 * Whether a text can stand between brackets in a WHERE without reaching out of them: every quote and bracket that it
 * opens it closes, none that it did not open, and no comment or ";" hides the rest. It is no parser: the servers are
 * asked whether the predicate makes sense.
 */

const COMMENT_OR_END = /^(?:--|#|\/\*|\*\/|;)/;
const QUOTES = new Set(["'", '"', '`']);

export function isClosedPredicate(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (QUOTES.has(character)) {
      const end = closingQuote(text, at);
      if (end === undefined) return false;
      at = end;
    } else if (COMMENT_OR_END.test(text.slice(at, at + 2))) {
      return false;
    } else if (character === '(') {
      depth += 1;
    } else if (character === ')') {
      depth -= 1;
      if (depth < 0) return false;
    }
  }
  return depth === 0;
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
