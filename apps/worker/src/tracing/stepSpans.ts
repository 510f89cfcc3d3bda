/**
 * The steps of an attempt: of each kind the first few as spans, and all of them as a count and a time. So an attempt of
 * any length makes a bounded number of spans.
 */
import { failureOf } from '@rowparity/contracts';
import { type Attributes, nowMs, type Span } from '@rowparity/tracing';

/** Enough to see the rhythm of an attempt. */
const SPANS_A_KIND_MAX = 8;

export type StepKind = 'read' | 'digest' | 'recheck' | 'publish' | 'acknowledge' | 'commit';

interface Told {
  readonly kind: StepKind;
  readonly beginMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly failed: unknown;
}

interface Sum {
  count: number;
  ms: number;
}

export class StepSpans {
  readonly #isRecorded: boolean;
  readonly #told: Told[] = [];
  readonly #sums = new Map<StepKind, Sum>();

  constructor(isRecorded: boolean) {
    this.#isRecorded = isRecorded;
  }

  async step<T>(
    kind: StepKind,
    work: () => Promise<T>,
    attributesOf: (end: T) => Attributes = () => ({}),
  ): Promise<T> {
    if (!this.#isRecorded) return work();
    const beginMs = nowMs();
    try {
      const end = await work();
      this.#tell({ kind, beginMs, endMs: nowMs(), failed: undefined, attributes: attributesOf(end) });
      return end;
    } catch (error) {
      this.#tell({ kind, beginMs, endMs: nowMs(), failed: error, attributes: {} });
      throw error;
    }
  }

  has(kind: StepKind): boolean {
    return this.#sums.has(kind);
  }

  /** Sends the spans under that of the attempt, which then tells the sums. */
  end(attempt: Span): void {
    for (const { kind, beginMs, endMs, attributes, failed } of this.#told) {
      const span = attempt.child(kind, { beginMs, attributes, ...(kind === 'publish' ? PRODUCER : {}) });
      if (failed !== undefined) span.fail(failureOf(failed).code);
      span.end(endMs);
    }
    for (const [kind, { count, ms }] of this.#sums) {
      attempt.set({ [`rowparity.steps.${kind}`]: count, [`rowparity.steps.${kind}.ms`]: Math.round(ms) });
    }
  }

  #tell(step: Told): void {
    const sum = this.#sums.get(step.kind) ?? { count: 0, ms: 0 };
    sum.count += 1;
    sum.ms += step.endMs - step.beginMs;
    this.#sums.set(step.kind, sum);
    if (sum.count <= SPANS_A_KIND_MAX) this.#told.push(step);
  }
}

const PRODUCER = { kind: 'producer' } as const;
