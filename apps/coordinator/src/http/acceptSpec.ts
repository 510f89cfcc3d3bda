/** Takes a spec in, from HTTP or from the run queue: the same answers on both ways. */
import { type RunRecord, type RunSpec, runSpec, specNotes } from '@rowparity/contracts';
import type { Clock, Ledger } from '@rowparity/core';
import type { Log } from '@rowparity/runtime';

export interface Problem {
  /** Where in the spec, such as `tables[0].name`. */
  readonly path: string;
  readonly message: string;
}

export type Acceptance =
  | { readonly kind: 'created'; readonly spec: RunSpec }
  | { readonly kind: 'same'; readonly spec: RunSpec; readonly run: RunRecord }
  | { readonly kind: 'different'; readonly spec: RunSpec }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[] };

export interface AcceptParts {
  readonly ledger: Ledger;
  readonly clock: Clock;
  /** Whether specs may carry SQL of their own. */
  readonly allowPredicates: boolean;
  readonly log: Pick<Log, 'warn'>;
}

export async function acceptSpec(raw: unknown, parts: AcceptParts): Promise<Acceptance> {
  const { ledger, clock } = parts;
  const read = runSpec.safeParse(raw);
  if (!read.success) {
    return { kind: 'invalid', problems: read.error.issues.flatMap((issue) => problemsOf(issue)) };
  }
  const spec = read.data;
  const predicates = parts.allowPredicates ? [] : predicateProblems(spec);
  if (predicates.length > 0) return { kind: 'invalid', problems: predicates };
  const created = await ledger.createRun(spec, clock.now());
  if (created.kind === 'created') {
    for (const { code, message } of specNotes(spec)) parts.log.warn({ runId: spec.runId, code }, message);
  }
  return created.kind === 'same' ? { kind: 'same', spec, run: created.run } : { kind: created.kind, spec };
}

function predicateProblems({ tables }: RunSpec): Problem[] {
  const message = 'predicates are not allowed here; start the coordinator with --allow-predicates true';
  return tables.flatMap((table, i) => ('where' in table ? [{ path: `tables[${i}].where`, message }] : []));
}

interface Issue {
  readonly path: PropertyKey[];
  readonly message: string;
  readonly code?: string;
  readonly errors?: Issue[][];
}

/** An issue of a union says nothing by itself: the issues of its closest member do. */
function problemsOf(issue: unknown, prefix: readonly PropertyKey[] = []): Problem[] {
  const { path, message, code, errors } = issue as Issue;
  const full = [...prefix, ...path];
  if (code !== 'invalid_union' || !errors?.length) return [{ path: pathText(full), message }];
  const closest = errors.reduce((a, b) => (b.length < a.length ? b : a));
  return closest.flatMap((inner) => problemsOf(inner, full));
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('');
  return text.replace(/^\./, '') || '(the whole spec)';
}
