import { type Counts, Fault, runSpec, zeroCounts } from '@rowparity/contracts';
import type { ShardWorkDeps } from '@rowparity/core';
import type { Attributes, RootOptions, Span, Tracing } from '@rowparity/tracing';
import { expect, it } from 'vitest';
import { ShardSpans, type TracedRun } from './shardSpans.ts';

const ORDER = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const RUN = 'run-1';
const never = new AbortController().signal;
const job = { version: 2, runId: RUN, generation: 1, shard: 3 } as const;

interface SentSpan {
  readonly name: string;
  readonly parent: string | undefined;
  readonly attributes: Attributes;
  readonly failed: string | undefined;
}

/** Keeps the spans that ended, as a collector would. */
function keptSpans({ isRecorded = true } = {}) {
  const sent: SentSpan[] = [];
  let spans = 0;
  const spanOf = (name: string, parent: string | undefined, { attributes = {} }: RootOptions): Span => {
    let told: Attributes = attributes;
    let failed: string | undefined;
    spans += 1;
    const traceparent = `span-${spans}`;
    return {
      ...{ traceparent, isRecorded },
      child: (childName, options = {}) => spanOf(childName, traceparent, options),
      set: (more) => {
        told = { ...told, ...more };
      },
      fail: (code) => {
        failed = code;
      },
      end: () => void sent.push({ name, parent, attributes: told, failed }),
    };
  };
  const tracing: Tracing = {
    begin: (name, options = {}) => spanOf(name, options.parent, options),
    close: async () => {},
  };
  return { sent, tracing };
}

interface Work {
  readonly commits?: number;
  readonly publishes?: number;
  readonly add?: Partial<Counts>;
  readonly fault?: Fault;
}

/** Plays what core does with a shard: claim, plan, sink, pages, events, commits, finish. */
async function play(
  deps: ShardWorkDeps,
  { commits = 1, publishes = 0, add = {}, fault }: Work,
): Promise<void> {
  const claim = await deps.ledger.claim({ runId: RUN, shard: 3, holder: 'w', strikesMax: 9, now: 1 });
  if (claim.kind !== 'claimed') return;
  await deps.readPlan(RUN, claim.planName);
  const run = { runId: RUN, spec: SPEC, direction: 'SRC', generation: 1 } as const;
  const sink = await deps.openSink(run);
  const readers = await deps.openReaders(run, {} as never, never);
  await readers.points.target.readKeys([['4711']], never);
  for (let i = 0; i < publishes; i += 1) await sink.publish([], never);
  const progress = { checkpoint: ['4711'], add: { ...zeroCounts(), ...add } };
  for (let i = 0; i < commits; i += 1) await deps.ledger.commit(claim.hold, progress, 2);
  if (fault) throw fault;
  const outcome = publishes > 0 ? 'differs' : 'match';
  await deps.ledger.finish(claim.hold, { ...progress, outcome, failure: null }, 3);
}

const SPEC = runSpec.parse({
  ...{ version: 1, runId: RUN, source: 's', destination: 'd', direction: 'SRC' },
  tables: [{ name: 't' }],
});

/** What core is given, and what the sink was opened with. */
function shardDeps() {
  const opened: (string | undefined)[] = [];
  const hold = { runId: RUN, shard: 3, attempt: 5, last: 'w' };
  const reader = { readKeys: async () => ({ rows: 1 }), readPage: async () => ({ rows: 9 }) };
  const both = { base: reader, target: reader };
  const deps = {
    ledger: {
      claim: async () => ({
        ...{ kind: 'claimed', hold, planName: 'p', direction: 'SRC', generation: 1, strikes: 0 },
        shard: { table: 0 },
      }),
      commit: async () => ({ kind: 'written', hold }),
      finish: async () => ({ kind: 'written' }),
    },
    readPlan: async () => ({ tablesIn: () => [{ name: 'orders' }] }),
    openReaders: async () => ({ pages: both, points: both }),
    openSink: async ({ traceparent }: TracedRun) => {
      opened.push(traceparent);
      return { publish: async () => {}, flush: async () => {} };
    },
  } as unknown as ShardWorkDeps;
  return { deps, opened };
}

const traceOf = async () => ORDER;
const nameOf = ({ name }: SentSpan) => name;

it('an attempt hangs under its order, tells what became of the shard, and its events carry it on', async () => {
  const { sent, tracing } = keptSpans();
  const { deps, opened } = shardDeps();
  const work = { publishes: 1, add: { rowsBase: 10, rowsTarget: 9, targetMissing: 1 } };
  await new ShardSpans(tracing, { traceOf }).traced(job, deps, (traced) => play(traced, work));
  expect(opened).toEqual(['span-1']);
  expect(sent.map(nameOf)).toEqual(['recheck', 'publish', 'commit', 'commit', 'validate shard']);
  expect(sent.slice(0, -1).map(({ parent }) => parent)).toEqual(Array(4).fill('span-1'));
  expect(sent.at(-1)).toMatchObject({
    parent: ORDER,
    attributes: {
      ...{ 'rowparity.run': RUN, 'rowparity.shard': 3, 'rowparity.attempt': 5, 'rowparity.table': 'orders' },
      ...{ 'rowparity.rows.base': 20, 'rowparity.confirmed': 2, 'rowparity.outcome': 'differs' },
      'rowparity.steps.commit': 2,
    },
  });
  // The key that was read and committed is nowhere.
  expect(JSON.stringify(sent)).not.toContain('4711');
});

it('a long attempt makes a bounded number of spans, and counts the rest', async () => {
  const { sent, tracing } = keptSpans();
  const work = { commits: 5000, publishes: 3000 };
  await new ShardSpans(tracing, { traceOf }).traced(job, shardDeps().deps, (traced) => play(traced, work));
  expect(sent.length).toBeLessThanOrEqual(1 + 6 * 8);
  expect(sent.at(-1)?.attributes).toMatchObject({
    'rowparity.steps.commit': 5001,
    'rowparity.steps.publish': 3000,
  });
});

it('of a run with many equal shards the first thousand are sent, and every one that has something to tell', async () => {
  const { sent, tracing } = keptSpans();
  const spans = new ShardSpans(tracing, { traceOf });
  const { deps } = shardDeps();
  for (let shard = 0; shard < 1200; shard += 1) await spans.traced(job, deps, (traced) => play(traced, {}));
  const attempts = () => sent.filter(({ name }) => name === 'validate shard').length;
  expect(attempts()).toBe(1000);
  await spans.traced(job, deps, (traced) => play(traced, { publishes: 1 }));
  const fault = new Fault('transient', { code: 'CONNECTION_LOST', message: 'row 4711' });
  await expect(spans.traced(job, deps, (traced) => play(traced, { fault }))).rejects.toBe(fault);
  expect(attempts()).toBe(1002);
  expect(sent.at(-1)).toMatchObject({
    failed: 'CONNECTION_LOST',
    attributes: { 'rowparity.outcome': 'lost' },
  });
  expect(JSON.stringify(sent)).not.toContain('4711');
});

it('where the sampler leaves the trace out, events carry that on, and nothing is kept', async () => {
  const { sent, tracing } = keptSpans({ isRecorded: false });
  const { deps, opened } = shardDeps();
  await new ShardSpans(tracing, { traceOf }).traced(job, deps, (traced) => play(traced, { publishes: 1 }));
  expect(opened).toEqual(['span-1']);
  expect(sent.map(nameOf)).toEqual(['validate shard']);
});

it('a ledger that cannot tell the order is no fault of the shard', async () => {
  const { sent, tracing } = keptSpans();
  const away = { traceOf: () => Promise.reject(new Error('away')) };
  await new ShardSpans(tracing, away).traced(job, shardDeps().deps, (traced) =>
    play(traced, { publishes: 1 }),
  );
  expect(sent.at(-1)).toMatchObject({ name: 'validate shard', parent: undefined });
});
