/**
 * The spans of the coordinator: an order, and the slow steps of a run. A span of a run hangs under its order; where a
 * run has none, as those of watches and migrations, under a trace that its name gives.
 */
import { failureOf, type RunHeader } from '@rowparity/contracts';
import type { Advanced, LedgerReadings, Step } from '@rowparity/core';
import { type Attributes, type Span, type Tracing, traceOfRun } from '@rowparity/tracing';

export interface Ordering {
  /** By which door it came: a request, or a job. */
  readonly kind: 'server' | 'consumer';
  /** What it brought. */
  readonly traceparent: string | undefined;
}

interface Ordered {
  readonly kind: string;
  readonly spec?: { readonly runId: string };
}

type Readings = Pick<LedgerReadings, 'traceOf' | 'getRun'>;

export class RunSpans {
  readonly #tracing: Tracing;
  readonly #ledger: Readings;

  constructor(tracing: Tracing, ledger: Readings) {
    this.#tracing = tracing;
    this.#ledger = ledger;
  }

  /** `accept` is given the span's traceparent, which the run keeps. */
  async order<T extends Ordered>(
    { kind, traceparent }: Ordering,
    accept: (traceparent: string) => Promise<T>,
  ): Promise<T> {
    const span = this.#tracing.begin('order run', { kind, parent: traceparent });
    return within(
      span,
      () => accept(span.traceparent),
      ({ kind: answer, spec }) => ({
        'rowparity.answer': answer,
        ...(spec ? { 'rowparity.run': spec.runId } : {}),
      }),
    );
  }

  /** Planning and settling, which take seconds to minutes; the other steps of a run are a few commands of Redis. */
  async step(step: Step, take: () => Promise<Advanced>): Promise<Advanced> {
    if (step.kind !== 'plan' && step.kind !== 'settle') return take();
    const { runId, generation } = step.run;
    const parent = await this.#traceOf(runId);
    const span = this.#tracing.begin(`${step.kind} run`, {
      parent,
      traceId: traceOfRun(runId, generation),
      attributes: { 'rowparity.run': runId, 'rowparity.generation': generation },
    });
    return within(span, take, async (advanced) => ({
      'rowparity.answer': advanced.kind,
      ...(advanced.kind === 'settled' ? { 'rowparity.verdict': advanced.verdict } : {}),
      ...(advanced.kind === 'planned' ? sizeOf(await this.#known(() => this.#ledger.getRun(runId))) : {}),
    }));
  }

  #traceOf(runId: string): Promise<string | undefined> {
    return this.#known(() => this.#ledger.traceOf(runId));
  }

  /** A trace that is lost is no fault of a run. */
  #known<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
    return read().catch(() => undefined);
  }
}

function sizeOf(run: RunHeader | undefined): Attributes {
  return run ? { 'rowparity.tables': run.tableCount, 'rowparity.shards': run.shards } : {};
}

async function within<T>(
  span: Span,
  work: () => Promise<T>,
  told: (end: T) => Attributes | Promise<Attributes>,
): Promise<T> {
  try {
    const end = await work();
    span.set(await told(end));
    return end;
  } catch (error) {
    span.fail(failureOf(error).code);
    throw error;
  } finally {
    span.end();
  }
}
