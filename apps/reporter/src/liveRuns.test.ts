import type { RunReport } from '@rowparity/contracts';
import { beforeEach, expect, it, vi } from 'vitest';
import { LiveRuns } from './liveRuns.ts';

/** Of a report only what a stream looks at. */
function reportOf(changes: object = {}): RunReport {
  const tables = ['a', 'b'].map((name) => ({ name, neq: 0 }));
  return {
    runId: 'r',
    state: 'running',
    createdAt: 1,
    percent: 0,
    tables,
    ...changes,
  } as unknown as RunReport;
}

interface Told {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: what was sent is compared as it is
  readonly data: any;
}

let current: RunReport | undefined | Error;
let reads: number;
let live: LiveRuns;

beforeEach(() => {
  current = reportOf();
  reads = 0;
  const read = async () => {
    reads += 1;
    if (current instanceof Error) throw current;
    return current;
  };
  live = new LiveRuns(read, { pollMs: 5, viewersMax: 3 });
});

/** A viewer that reads as it comes. */
function viewer() {
  const gone = new AbortController();
  const told: Told[] = [];
  const first = current instanceof Error || !current ? reportOf() : current;
  const ended = (async () => {
    for await (const text of live.view('r', first, gone.signal)) {
      const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)\n\n$/.exec(text) ?? [];
      told.push({ name, data: JSON.parse(data) });
    }
  })();
  return { told, ended, leave: () => gone.abort() };
}

const settled = () => reportOf({ state: 'settled', percent: 100 });

it('a viewer gets the report once, then what changed, and the stream ends with the run', async () => {
  const { told, ended } = viewer();
  await vi.waitFor(() => expect(told).toHaveLength(1));
  current = reportOf({
    percent: 50,
    tables: [
      { name: 'a', neq: 0 },
      { name: 'b', neq: 2 },
    ],
  });
  await vi.waitFor(() => expect(told).toHaveLength(2));
  current = settled();
  await ended;
  expect(told).toEqual([
    { name: 'report', data: reportOf() },
    { name: 'change', data: { fields: { percent: 50 }, tables: [[1, { name: 'b', neq: 2 }]] } },
    {
      name: 'change',
      data: { fields: { state: 'settled', percent: 100 }, tables: [[1, { name: 'b', neq: 0 }]] },
    },
  ]);
});

it('of a settled run there is one report, and nothing is read again', async () => {
  current = settled();
  const { told, ended } = viewer();
  await ended;
  expect(told).toEqual([{ name: 'report', data: settled() }]);
  expect(reads).toBe(0);
});

it('many viewers share one reading, and one that comes late gets the report whole', async () => {
  const viewers = [viewer(), viewer()];
  current = reportOf({ percent: 10 });
  await vi.waitFor(() => expect(viewers.map(({ told }) => told.length)).toEqual([2, 2]));
  const before = reads;
  const late = viewer();
  expect(await vi.waitUntil(() => late.told[0])).toEqual({ name: 'report', data: current });
  await vi.waitFor(() => expect(reads).toBeGreaterThan(before + 5));
  // Each has had one event: what did not change is not told.
  expect([...viewers, late].map(({ told }) => told.length)).toEqual([2, 2, 1]);
  current = settled();
  await Promise.all([...viewers, late].map(({ ended }) => ended));
});

it('without a viewer nothing is read, and there is room again', async () => {
  const viewers = [viewer(), viewer(), viewer()];
  await vi.waitFor(() => expect(live.isFull).toBe(true));
  for (const { leave } of viewers) leave();
  await Promise.all(viewers.map(({ ended }) => ended));
  expect(live.isFull).toBe(false);
  const before = reads;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(reads - before).toBeLessThanOrEqual(1);
});

it('a ledger that does not answer is told once, and then the report whole', async () => {
  const { told, ended } = viewer();
  await vi.waitFor(() => expect(told).toHaveLength(1));
  current = new Error('secret-word');
  await vi.waitFor(() => expect(told).toHaveLength(2));
  const before = reads;
  await vi.waitFor(() => expect(reads).toBeGreaterThan(before + 3));
  current = reportOf({ percent: 20 });
  await vi.waitFor(() => expect(told).toHaveLength(3));
  expect(told.slice(1)).toEqual([
    { name: 'trouble', data: { message: expect.stringMatching(/^The ledger does not answer/) } },
    { name: 'report', data: current },
  ]);
  current = settled();
  await ended;
});

it.each([undefined, reportOf({ createdAt: 2 })])(
  'a run that was deleted is gone, also when its id is used again',
  async (after) => {
    const { told, ended } = viewer();
    await vi.waitFor(() => expect(told).toHaveLength(1));
    current = after;
    await ended;
    expect(told.at(-1)).toEqual({ name: 'gone', data: {} });
  },
);
