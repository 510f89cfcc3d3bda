/** The span of one attempt at a shard: begun when the shard is claimed, sent whole when the attempt is over. */
import {
  addCounts,
  confirmedOf,
  type Failure,
  failureOf,
  type Outcome,
  zeroCounts,
} from '@rowparity/contracts';
import type { Progress } from '@rowparity/core';
import type { Span } from '@rowparity/tracing';
import { StepSpans } from './stepSpans.ts';

export class AttemptSpan {
  readonly steps: StepSpans;
  readonly #span: Span;
  #counts = zeroCounts();
  #outcome: Outcome | 'released' | undefined;
  #hasFailed = false;

  constructor(span: Span) {
    this.#span = span;
    this.steps = new StepSpans(span.isRecorded);
  }

  get traceparent(): string {
    return this.#span.traceparent;
  }

  /** Nothing to look at: the shard was equal, and no event went out. */
  get isUneventful(): boolean {
    return this.#outcome === 'match' && !this.#hasFailed && !this.steps.has('publish');
  }

  table(name: string | undefined): void {
    if (name !== undefined) this.#span.set({ 'rowparity.table': name });
  }

  written({ add }: Pick<Progress, 'add'>): void {
    this.#counts = addCounts(this.#counts, add);
  }

  ended(outcome: Outcome | 'released', failure: Failure | null = null): void {
    this.#outcome = outcome;
    if (failure) this.#fail(failure.code);
  }

  failed(error: unknown): void {
    this.#fail(failureOf(error).code);
  }

  end(): void {
    this.#span.set({
      'rowparity.outcome': this.#outcome ?? 'lost',
      'rowparity.rows.base': this.#counts.rowsBase,
      'rowparity.rows.target': this.#counts.rowsTarget,
      'rowparity.confirmed': confirmedOf(this.#counts),
      'rowparity.unstable': this.#counts.unstable,
    });
    this.steps.end(this.#span);
    this.#span.end();
  }

  #fail(code: Failure['code']): void {
    this.#hasFailed = true;
    this.#span.fail(code);
  }
}
