// A module's text with everything blanked that is no code: comments, texts and regular expressions. Lines and columns
// stay.

const QUOTES = new Set(["'", '"', '`']);
/** Behind these a slash begins a regular expression. */
const BEFORE_PATTERN = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|case|of|in|typeof|yield|await))\s*$/;

export function codeOf(text: string): string {
  return new Blanking(text).run();
}

class Blanking {
  readonly #text: string;
  #out = '';
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  run(): string {
    while (this.#at < this.#text.length) this.#step();
    return this.#out;
  }

  #step(): void {
    const text = this.#text;
    const two = text.slice(this.#at, this.#at + 2);
    const one = two[0] as string;
    if (two === '//') this.#blankTo(endOr(text, text.indexOf('\n', this.#at)));
    else if (two === '/*') this.#blankTo(endOr(text, text.indexOf('*/', this.#at + 2), 2));
    else if (QUOTES.has(one)) this.#blankTo(this.#endOfQuoted(one));
    else if (one === '/' && BEFORE_PATTERN.test(this.#out.slice(-80))) this.#blankTo(this.#endOfPattern());
    else {
      this.#out += one;
      this.#at += 1;
    }
  }

  #blankTo(end: number): void {
    this.#out += this.#text.slice(this.#at, end).replace(/[^\n]/g, '_');
    this.#at = end;
  }

  /** Code inside a template is blanked with it. */
  #endOfQuoted(quote: string): number {
    let depth = 0;
    for (let i = this.#at + 1; i < this.#text.length; i += 1) {
      const char = this.#text[i];
      if (char === '\\') i += 1;
      else if (quote === '`' && char === '$' && this.#text[i + 1] === '{') depth += 1;
      else if (depth > 0 && char === '}') depth -= 1;
      else if (depth === 0 && char === quote) return i + 1;
    }
    return this.#text.length;
  }

  #endOfPattern(): number {
    let isInClass = false;
    for (let i = this.#at + 1; i < this.#text.length; i += 1) {
      const char = this.#text[i];
      if (char === '\\') i += 1;
      else if (char === '[') isInClass = true;
      else if (char === ']') isInClass = false;
      else if (char === '\n' || (char === '/' && !isInClass)) return i + 1;
    }
    return this.#text.length;
  }
}

function endOr(text: string, found: number, length = 0): number {
  return found < 0 ? text.length : found + length;
}
