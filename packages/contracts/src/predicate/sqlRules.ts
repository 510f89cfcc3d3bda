/** What neither a predicate nor a query of a spec may hold: comments, variables, parameters, unknown calls. */
import { closestNames } from '../words/closestNames.ts';
import { printable } from '../words/printable.ts';
import type { PredicateToken } from './predicateTokens.ts';

const NAME_CHARACTERS_MAX = 64;
const COMMENTS_AND_ENDS: ReadonlySet<string> = new Set(['--', '/*', '*/', '#', ';']);

const VALUE_WORDS: ReadonlySet<string> = new Set(['next', 'previous']);

/** What the text is, for messages, and the words that may stand before a bracket. */
export interface SqlText {
  readonly what: 'predicate' | 'query';
  readonly calls: readonly ReadonlySet<string>[];
}

export function bracketProblem(tokens: readonly PredicateToken[], { what }: SqlText): string | undefined {
  let depth = 0;
  for (const token of tokens) {
    if (token.kind !== 'sign') continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth < 0) break;
  }
  return depth === 0 ? undefined : `expected a ${what} whose brackets are closed, and no more of them`;
}

export function signProblem(token: PredicateToken | undefined, { what }: SqlText): string | undefined {
  if (token?.kind !== 'sign') return undefined;
  const { text } = token;
  if (COMMENTS_AND_ENDS.has(text)) return `expected a ${what} without comments or ";", found "${text}"`;
  if (text === '@' || text === ':=') return `expected a ${what} without variables, found "${text}"`;
  if (text === '?') return `expected a ${what} without parameters, found "?"`;
  if (/[\p{Cc}]/u.test(text))
    return `expected a ${what} without control characters, found ${printable(text)}`;
  return undefined;
}

/** A name before a bracket is a call, with any blanks between them: only names of the list may be called. */
export function callProblem(
  tokens: readonly PredicateToken[],
  i: number,
  { what, calls }: SqlText,
): string | undefined {
  const [token, next] = [tokens[i], tokens[i + 1]];
  if (next?.kind !== 'sign' || next.text !== '(') return undefined;
  if (token?.kind === 'name')
    return `expected a ${what} that calls no stored function, found a quoted name before "("`;
  const word = wordAt(tokens, i);
  if (word === undefined) return undefined;
  if (!isBehindDot(tokens, i) && calls.some((words) => words.has(word))) return undefined;
  const [closest] = closestNames(
    word,
    calls.flatMap((words) => [...words]),
  );
  const near = closest === undefined ? '' : ` (the closest that may be called: ${closest})`;
  return `expected a ${what} that calls only functions of its arguments alone, found "${printable(word, NAME_CHARACTERS_MAX)}"${near}`;
}

/** Two words that lock rows, or draw the next value of a sequence. */
export function lockOrSequence(tokens: readonly PredicateToken[], i: number): string | undefined {
  const [word, next] = [wordAt(tokens, i), wordAt(tokens, i + 1)];
  if (word === undefined || next === undefined) return undefined;
  const isLock = word === 'for' && (next === 'update' || next === 'share');
  const isSequence = VALUE_WORDS.has(word) && next === 'value';
  return isLock || isSequence ? `${word} ${next}` : undefined;
}

export function wordAt(tokens: readonly PredicateToken[], i: number): string | undefined {
  const token = tokens[i];
  return token?.kind === 'word' ? keyword(token.text) : undefined;
}

/** Of ASCII alone: a letter that only looks like one, or folds to one, is another word. */
export function keyword(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

export function isBehindDot(tokens: readonly PredicateToken[], i: number): boolean {
  return isSign(tokens[i - 1], '.');
}

export function isSign(token: PredicateToken | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}
