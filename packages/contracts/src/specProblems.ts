/** What is wrong with a spec, one line for each problem, for its author. The answer is short for every spec. */
import { z } from 'zod';
import { runSpec } from './runSpec.ts';
import { closestNames } from './words/closestNames.ts';
import { listed } from './words/listed.ts';
import { printable } from './words/printable.ts';

export interface SpecProblem {
  /** Where in the spec, such as `tables[0].name`. */
  readonly path: string;
  readonly message: string;
}

/** Further problems are only counted: the author sees them after correcting these. */
const PROBLEMS_MAX = 50;
const FIELDS_NAMED_MAX = 5;
const PATH_CHARACTERS_MAX = 200;
const MESSAGE_CHARACTERS_MAX = 1000;

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
  readonly code?: string;
  readonly errors?: readonly (readonly Issue[])[];
  readonly keys?: readonly string[];
}

export function specProblems(error: z.ZodError): readonly SpecProblem[] {
  return cutProblems(error.issues.flatMap((issue) => problemsOf(issue as Issue, [])));
}

/** The first problems, and how many more there are. */
export function cutProblems(problems: readonly SpecProblem[]): readonly SpecProblem[] {
  const more = problems.length - PROBLEMS_MAX;
  if (more <= 0) return problems;
  const rest = { path: WHOLE_SPEC, message: `and ${more.toLocaleString('en-US')} more problems` };
  return [...problems.slice(0, PROBLEMS_MAX), rest];
}

/** The issue of a union is not useful to a reader: the issues of its closest member are. */
function problemsOf(issue: Issue, prefix: readonly PropertyKey[]): SpecProblem[] {
  const { path, message, code, errors, keys } = issue;
  const full = [...prefix, ...path];
  if (code === 'invalid_union' && errors?.length) {
    // A member of which only parts are wrong is meant, rather than one of another type.
    const ofType = errors.filter((issues) => issues.every((inner) => inner.path.length > 0));
    const closest = (ofType.length > 0 ? ofType : errors).reduce((a, b) => (b.length < a.length ? b : a));
    return closest.flatMap((inner) => problemsOf(inner, full));
  }
  const words = keys ? unknownFields(keys) : printable(message, MESSAGE_CHARACTERS_MAX);
  return [{ path: pathText(full), message: words }];
}

function unknownFields(keys: readonly string[]): string {
  const named = keys.slice(0, FIELDS_NAMED_MAX).map((key) => {
    const [closest] = closestNames(key, fieldNames());
    return closest === undefined ? `"${key}"` : `"${key}" (the closest: ${closest})`;
  });
  return `unknown ${keys.length === 1 ? 'field' : 'fields'} ${listed([...named, ...keys.slice(FIELDS_NAMED_MAX)], FIELDS_NAMED_MAX)}`;
}

const WHOLE_SPEC = '(the whole spec)';

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return printable(text.replace(/^\./, ''), PATH_CHARACTERS_MAX) || WHOLE_SPEC;
}

let known: readonly string[] | undefined;

/** Of every level of a spec. */
function fieldNames(): readonly string[] {
  known ??= [...propertiesOf(z.toJSONSchema(runSpec, { io: 'input', unrepresentable: 'any' }))];
  return known;
}

function propertiesOf(schema: unknown): Set<string> {
  if (typeof schema !== 'object' || schema === null) return new Set();
  const { properties } = schema as { readonly properties?: object };
  const inner = Object.values(schema).flatMap((part) => [...propertiesOf(part)]);
  return new Set([...Object.keys(properties ?? {}), ...inner]);
}
