/**
 * The spans of a shard job, by wrapping what core is given: the ledger tells of claims and writes, the readers of
 * pages, the sink of events. Core knows nothing of it. A job may make two attempts; each has a span.
 */
import type { ShardJob } from '@rowparity/contracts';
import type {
  ClaimResult,
  EventSink,
  LedgerReadings,
  ShardHolds,
  ShardWorkDeps,
  WorkedRun,
} from '@rowparity/core';
import { nowMs, type Tracing, traceOfRun } from '@rowparity/tracing';
import { AttemptSpan } from './attemptSpan.ts';
import { tracedReaders } from './tracedReaders.ts';
import { hasRoom, TraceParents } from './traceParents.ts';

/** For events: what their messages carry on. */
export type TracedRun = WorkedRun & { readonly traceparent?: string | undefined };

type Planned = Awaited<ReturnType<ShardWorkDeps['readPlan']>>;
type Claimed = Extract<ClaimResult, { kind: 'claimed' }>;

export class ShardSpans {
  readonly #tracing: Tracing;
  readonly #parents: TraceParents;

  constructor(tracing: Tracing, ledger: Pick<LedgerReadings, 'traceOf'>) {
    this.#tracing = tracing;
    this.#parents = new TraceParents(ledger);
  }

  async traced<D extends ShardWorkDeps, T>(
    job: ShardJob,
    deps: D,
    work: (traced: D) => Promise<T>,
  ): Promise<T> {
    const attempts = new Attempts((claim, beginMs) => this.#begin(job, claim, beginMs));
    try {
      return await work({ ...deps, ...tracedDeps(deps, attempts) });
    } catch (error) {
      attempts.now?.span.failed(error);
      throw error;
    } finally {
      attempts.end();
    }
  }

  async #begin({ runId, shard }: ShardJob, claim: Claimed, beginMs: number): Promise<Begun> {
    const { generation, hold, planName } = claim;
    const run = await this.#parents.of(runId, planName);
    const span = this.#tracing.begin('validate shard', {
      ...{ kind: 'consumer', parent: run.traceparent, traceId: traceOfRun(runId, generation), beginMs },
      attributes: {
        ...{ 'rowparity.run': runId, 'rowparity.generation': generation },
        ...{ 'rowparity.shard': shard, 'rowparity.attempt': hold.attempt },
      },
    });
    return { claim, span: new AttemptSpan(span), isKept: () => hasRoom(run) };
  }
}

interface Begun {
  readonly claim: Claimed;
  readonly span: AttemptSpan;
  /** Asked of an uneventful attempt. */
  isKept(): boolean;
}

type Begin = (claim: Claimed, beginMs: number) => Promise<Begun>;

/** The attempts of one job, one behind the other. */
class Attempts {
  readonly #begin: Begin;
  now: Begun | undefined;

  constructor(begin: Begin) {
    this.#begin = begin;
  }

  async claimed(claim: Claimed, beginMs: number): Promise<void> {
    this.end();
    this.now = await this.#begin(claim, beginMs);
  }

  nameOfTable(planned: Planned): string | undefined {
    const { direction, shard } = this.now?.claim ?? {};
    return direction && shard && planned?.tablesIn(direction)[shard.table]?.name;
  }

  /** A span that is not ended is never sent, and neither are its steps. */
  end(): void {
    const { now } = this;
    this.now = undefined;
    if (now && (!now.span.isUneventful || now.isKept())) now.span.end();
  }
}

function tracedDeps(deps: ShardWorkDeps, attempts: Attempts) {
  return {
    ledger: { ...deps.ledger, ...tracedHolds(deps.ledger, attempts) },
    async readPlan(...[runId, planName]: Parameters<ShardWorkDeps['readPlan']>) {
      const planned = await deps.readPlan(runId, planName);
      attempts.now?.span.table(attempts.nameOfTable(planned));
      return planned;
    },
    openReaders: async (...[run, plan, signal]: Parameters<ShardWorkDeps['openReaders']>) => {
      const readers = await deps.openReaders(run, plan, signal);
      return attempts.now ? tracedReaders(readers, attempts.now.span.steps) : readers;
    },
    openSink: async (run: WorkedRun) => {
      const { span } = attempts.now ?? {};
      const traced: TracedRun = { ...run, traceparent: span?.traceparent };
      const sink = await deps.openSink(traced);
      return span ? tracedSink(sink, span) : sink;
    },
  };
}

function tracedHolds(ledger: ShardHolds, attempts: Attempts): ShardHolds {
  return {
    async claim(claim) {
      const beginMs = nowMs();
      const claimed = await ledger.claim(claim);
      if (claimed.kind === 'claimed') await attempts.claimed(claimed, beginMs);
      return claimed;
    },
    commit: (hold, progress, now) =>
      writing(
        attempts,
        () => ledger.commit(hold, progress, now),
        (span) => span.written(progress),
      ),
    finish: (hold, end, now) =>
      writing(
        attempts,
        () => ledger.finish(hold, end, now),
        (span) => {
          span.written(end);
          span.ended(end.outcome, end.failure);
        },
      ),
    split: (hold, cuts) => ledger.split(hold, cuts),
    async release(hold) {
      attempts.now?.span.ended('released');
      return ledger.release(hold);
    },
  };
}

async function writing<T extends { readonly kind: string }>(
  { now }: Attempts,
  write: () => Promise<T>,
  tell: (span: AttemptSpan) => void,
): Promise<T> {
  if (!now) return write();
  const written = await now.span.steps.step('commit', write);
  if (written.kind === 'written') tell(now.span);
  return written;
}

function tracedSink(sink: EventSink, { steps }: AttemptSpan): EventSink {
  return {
    publish: (events, signal) =>
      steps.step(
        'publish',
        () => sink.publish(events, signal),
        () => ({ 'rowparity.events': events.length }),
      ),
    flush: (signal) => steps.step('acknowledge', () => sink.flush(signal)),
  };
}
