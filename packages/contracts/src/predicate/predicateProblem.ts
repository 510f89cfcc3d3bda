/**
 * What a predicate of a spec may not hold. It runs on both databases with the rights of the connection, so it grants
 * no more than reading the rows of its own table: no other table, no lock, no waiting, no variable, no file. This is
 * not a parser: the servers check whether the predicate is valid.
 */
import { ALLOWED_CALLS, MOVING_CALLS, REFUSED_WORDS } from './predicateFunctions.ts';
import { type PredicateToken, predicateTokens } from './predicateTokens.ts';
import {
  bracketProblem,
  callProblem,
  isBehindDot,
  isSign,
  keyword,
  lockOrSequence,
  type SqlText,
  signProblem,
  wordAt,
} from './sqlRules.ts';

/** `column`, or `table.column`. */
const NAME_PARTS_MAX = 2;
const PREDICATE: SqlText = { what: 'predicate', calls: [ALLOWED_CALLS, MOVING_CALLS] };

/** In words for the author of the predicate; undefined when there is none. */
export function predicateProblem(text: string): string | undefined {
  const read = predicateTokens(text);
  if (read.kind === 'open') return 'expected a predicate whose quotes are closed';
  const { tokens } = read;
  return bracketProblem(tokens, PREDICATE) ?? firstProblem(tokens);
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

function firstProblem(tokens: readonly PredicateToken[]): string | undefined {
  for (let i = 0; i < tokens.length; i += 1) {
    const problem =
      signProblem(tokens[i], PREDICATE) ?? wordProblem(tokens, i) ?? callProblem(tokens, i, PREDICATE);
    if (problem) return problem;
  }
  return namesProblem(tokens);
}

function wordProblem(tokens: readonly PredicateToken[], i: number): string | undefined {
  const word = wordAt(tokens, i);
  if (word === undefined || isBehindDot(tokens, i)) return undefined;
  const found = lockOrSequence(tokens, i) ?? (REFUSED_WORDS.has(word) ? word : undefined);
  if (found === undefined) return undefined;
  return `expected a predicate on the rows of its own table: no query, no lock, no output; found "${found}". Put a column of that name between backquotes`;
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
