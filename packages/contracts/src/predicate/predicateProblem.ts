/**
 * What a predicate of a spec may not hold. It runs on both databases with the rights of the connection, so it grants
 * no more than reading the rows of its own table: no other table, no lock, no waiting, no variable, no file. This is
 * not a parser: the servers check whether the predicate is valid.
 */
import { closestNames } from '../words/closestNames.ts';
import { printable } from '../words/printable.ts';
import { ALLOWED_CALLS, MOVING_CALLS, REFUSED_WORDS } from './predicateFunctions.ts';
import { type PredicateToken, predicateTokens } from './predicateTokens.ts';

/** `column`, or `table.column`. */
const NAME_PARTS_MAX = 2;
const NAME_CHARACTERS_MAX = 64;
const COMMENTS_AND_ENDS: ReadonlySet<string> = new Set(['--', '/*', '*/', '#', ';']);
const VALUE_WORDS: ReadonlySet<string> = new Set(['next', 'previous']);

/** In words for the author of the predicate; undefined when there is none. */
export function predicateProblem(text: string): string | undefined {
  const read = predicateTokens(text);
  if (read.kind === 'open') return 'expected a predicate whose quotes are closed';
  const { tokens } = read;
  return bracketProblem(tokens) ?? firstProblem(tokens);
}

/** The functions of a predicate that name other rows at each reading. */
export function movingCalls(text: string): readonly string[] {
  const read = predicateTokens(text);
  if (read.kind === 'open') return [];
  const names = read.tokens.flatMap((token, i) =>
    token.kind === 'word' && !isBehindDot(read.tokens, i) ? [keyword(token.text)] : [],
  );
  return [...new Set(names.filter((name) => MOVING_CALLS.has(name)))];
}

function bracketProblem(tokens: readonly PredicateToken[]): string | undefined {
  let depth = 0;
  for (const token of tokens) {
    if (token.kind !== 'sign') continue;
    if (token.text === '(') depth += 1;
    if (token.text === ')') depth -= 1;
    if (depth < 0) break;
  }
  return depth === 0 ? undefined : 'expected a predicate whose brackets are closed, and no more of them';
}

function firstProblem(tokens: readonly PredicateToken[]): string | undefined {
  for (let i = 0; i < tokens.length; i += 1) {
    const problem = signProblem(tokens[i]) ?? wordProblem(tokens, i) ?? callProblem(tokens, i);
    if (problem) return problem;
  }
  return namesProblem(tokens);
}

function signProblem(token: PredicateToken | undefined): string | undefined {
  if (token?.kind !== 'sign') return undefined;
  const { text } = token;
  if (COMMENTS_AND_ENDS.has(text)) return `expected a predicate without comments or ";", found "${text}"`;
  if (text === '@' || text === ':=') return `expected a predicate without variables, found "${text}"`;
  if (text === '?') return 'expected a predicate without parameters, found "?"';
  if (/[\p{Cc}]/u.test(text))
    return `expected a predicate without control characters, found ${printable(text)}`;
  return undefined;
}

function wordProblem(tokens: readonly PredicateToken[], i: number): string | undefined {
  const word = wordAt(tokens, i);
  if (word === undefined || isBehindDot(tokens, i)) return undefined;
  const next = wordAt(tokens, i + 1);
  const isLock = word === 'for' && (next === 'update' || next === 'share');
  const isSequence = VALUE_WORDS.has(word) && next === 'value';
  if (!REFUSED_WORDS.has(word) && !isLock && !isSequence) return undefined;
  const found = isLock || isSequence ? `${word} ${next}` : word;
  return `expected a predicate on the rows of its own table: no query, no lock, no output; found "${found}". Put a column of that name between backquotes`;
}

/** A name before a bracket is a call, with any blanks between them: only names of the list may be called. */
function callProblem(tokens: readonly PredicateToken[], i: number): string | undefined {
  const [token, next] = [tokens[i], tokens[i + 1]];
  if (next?.kind !== 'sign' || next.text !== '(') return undefined;
  if (token?.kind === 'name')
    return 'expected a predicate that calls no stored function, found a quoted name before "("';
  const word = wordAt(tokens, i);
  if (word === undefined) return undefined;
  if (!isBehindDot(tokens, i) && (ALLOWED_CALLS.has(word) || MOVING_CALLS.has(word))) return undefined;
  const [closest] = closestNames(word, [...ALLOWED_CALLS]);
  const near = closest === undefined ? '' : ` (the closest that may be called: ${closest})`;
  return `expected a predicate that calls only functions of its arguments alone, found "${printable(word, NAME_CHARACTERS_MAX)}"${near}`;
}

/** `schema.table.column` names another table. */
function namesProblem(tokens: readonly PredicateToken[]): string | undefined {
  let parts = 0;
  for (const [i, token] of tokens.entries()) {
    const isDot = isSign(token, '.');
    if (token.kind === 'word' || token.kind === 'name') parts = isBehindDot(tokens, i) ? parts + 1 : 1;
    else if (!isDot) parts = 0;
    const isFirst = isDot && parts === 0;
    if (parts > NAME_PARTS_MAX || (isFirst && wordAt(tokens, i + 1)?.match(/^\d/) === null)) {
      return 'expected names of columns, as column or table.column, found one of more parts';
    }
  }
  return undefined;
}

function wordAt(tokens: readonly PredicateToken[], i: number): string | undefined {
  const token = tokens[i];
  return token?.kind === 'word' ? keyword(token.text) : undefined;
}

/** Of ASCII alone: a letter that only looks like one, or folds to one, is another word. */
function keyword(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

function isBehindDot(tokens: readonly PredicateToken[], i: number): boolean {
  return isSign(tokens[i - 1], '.');
}

function isSign(token: PredicateToken | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}
