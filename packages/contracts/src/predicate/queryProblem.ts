/**
 * What a query of a spec may not hold. It runs on a session that can only read, as one value in a statement of ours: so
 * the server refuses a second column, row or statement. It may name any table that the connection may read, and takes
 * no lock, waits for nothing, and writes no file.
 */
import { ALLOWED_CALLS, MOVING_CALLS } from './predicateFunctions.ts';
import { predicateTokens } from './predicateTokens.ts';
import {
  bracketProblem,
  callProblem,
  isBehindDot,
  lockOrSequence,
  type SqlText,
  signProblem,
  wordAt,
} from './sqlRules.ts';

/** Words of a query, and functions over rows. */
const QUERY_WORDS: ReadonlySet<string> = new Set(
  `select distinct all from where on join using as exists over having by limit union except intersect
  max min sum count avg`.split(/\s+/),
);
const QUERY: SqlText = { what: 'query', calls: [ALLOWED_CALLS, MOVING_CALLS, QUERY_WORDS] };
const BEGINS: ReadonlySet<string | undefined> = new Set(['select', 'with']);
const REFUSED: ReadonlySet<string> = new Set(['into', 'lock', 'procedure', 'handler', 'recursive']);

/** In words for the author of the query; undefined when there is none. */
export function queryProblem(text: string): string | undefined {
  const read = predicateTokens(text);
  if (read.kind === 'open') return 'expected a query whose quotes are closed';
  const { tokens } = read;
  if (!BEGINS.has(wordAt(tokens, 0))) return 'expected one query that begins with SELECT or WITH';
  const problem = bracketProblem(tokens, QUERY);
  if (problem) return problem;
  for (let i = 0; i < tokens.length; i += 1) {
    const found = signProblem(tokens[i], QUERY) ?? refusedWord(tokens, i) ?? callProblem(tokens, i, QUERY);
    if (found) return found;
  }
  return undefined;
}

function refusedWord(tokens: Parameters<typeof wordAt>[0], i: number): string | undefined {
  const word = wordAt(tokens, i);
  if (word === undefined || isBehindDot(tokens, i)) return undefined;
  const found = lockOrSequence(tokens, i) ?? (REFUSED.has(word) ? word : undefined);
  return found && `expected a query that only reads: no lock, no output, no recursion; found "${found}"`;
}
