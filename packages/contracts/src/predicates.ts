/** SQL of the user's own in a spec. */
import { z } from 'zod';
import { predicateProblem } from './predicate/predicateProblem.ts';
import { queryProblem } from './predicate/queryProblem.ts';

const SQL_CHARS_MAX = 4000;

export const predicateText = sqlText(predicateProblem);

/** One text for both sides, or one for each where names differ. */
export const predicate = z.union([
  predicateText,
  z.strictObject({ source: predicateText, destination: predicateText }),
]);

/** A query that gives one value. */
export const queryText = sqlText(queryProblem);

function sqlText(problemOf: (text: string) => string | undefined) {
  return z
    .string()
    .min(1)
    .max(SQL_CHARS_MAX)
    .superRefine((text, ctx) => {
      const message = problemOf(text);
      if (message) ctx.addIssue({ code: 'custom', message });
    });
}
