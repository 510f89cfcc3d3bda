/** Accepts a spec from HTTP or from the run queue, with the same answers for both. */
import {
  type Clock,
  cutProblems,
  type RunHeader,
  type RunSpec,
  runSpec,
  type SpecProblem,
  specNotes,
  specProblems,
} from '@rowparity/contracts';
import type { RunStore, WebhookStore } from '@rowparity/core';

import type { Log } from '@rowparity/runtime';
import type { Ordering, RunSpans } from '../tracing/runSpans.ts';
import { type Known, unknownNames } from './unknownNames.ts';

export type Acceptance =
  | { readonly kind: 'created'; readonly spec: RunSpec }
  | { readonly kind: 'same'; readonly spec: RunSpec; readonly run: RunHeader }
  | { readonly kind: 'different'; readonly spec: RunSpec }
  | { readonly kind: 'invalid'; readonly problems: readonly SpecProblem[] };

export interface AcceptDeps {
  readonly ledger: Pick<RunStore, 'createRun'>;
  /** Runs that are to be told of are put on its list. */
  readonly webhooks: Pick<WebhookStore, 'toldRunAdd'>;
  readonly clock: Clock;
  /** Whether specs may carry SQL of their own. */
  readonly allowPredicates: boolean;
  /** What a spec may name. */
  readonly known: Known;
  readonly log: Pick<Log, 'warn'>;
  /** Absent where tracing is off. */
  readonly spans?: RunSpans | undefined;
}

export async function acceptSpec(raw: unknown, deps: AcceptDeps, ordering: Ordering): Promise<Acceptance> {
  const { spans } = deps;
  if (!spans) return accept(raw, deps);
  return spans.order(ordering, (traceparent) => accept(raw, deps, traceparent));
}

async function accept(raw: unknown, deps: AcceptDeps, traceparent?: string): Promise<Acceptance> {
  const { ledger, clock } = deps;
  const read = runSpec.safeParse(raw);
  if (!read.success) return { kind: 'invalid', problems: specProblems(read.error) };
  const spec = read.data;
  const problems = refusedNames(spec, deps);
  if (problems.length > 0) return { kind: 'invalid', problems };
  // Before the run: a crash in between leaves a name on a list, and forgets no run.
  if (spec.webhook) await deps.webhooks.toldRunAdd(spec.runId, clock.now());
  const created = await ledger.createRun(spec, clock.now(), { traceparent });
  if (created.kind === 'created') {
    for (const { code, message } of specNotes(spec)) deps.log.warn({ runId: spec.runId, code }, message);
  }
  return created.kind === 'same' ? { kind: 'same', spec, run: created.run } : { kind: created.kind, spec };
}

/** What a valid spec may not have here. */
export function refusedNames(
  spec: RunSpec,
  { known, allowPredicates }: Pick<AcceptDeps, 'known' | 'allowPredicates'>,
): readonly SpecProblem[] {
  const predicates = allowPredicates ? [] : predicateProblems(spec);
  return cutProblems([...unknownNames(spec, known), ...predicates]);
}

function predicateProblems({ tables }: RunSpec): SpecProblem[] {
  const message = 'predicates are not allowed here; start the coordinator with --allow-predicates true';
  return tables.flatMap((table, i) => ('where' in table ? [{ path: `tables[${i}].where`, message }] : []));
}
