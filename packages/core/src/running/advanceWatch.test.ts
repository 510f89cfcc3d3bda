import { type Failure, type RunHeader, type WatchRecord, watchSpec } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { CreateRunResult } from '../ports/ledger.ts';
import { advanceWatch, type WatchDeps } from './advanceWatch.ts';

const spec = watchSpec.parse({
  ...{ version: 1, intervalMs: 5000, keepRuns: 2 },
  run: {
    ...{ version: 1, source: 's', destination: 'd', direction: 'SRC', tables: [{ name: 't' }] },
    known: { keep: 7 },
  },
});

interface World {
  readonly watch?: Partial<WatchRecord>;
  readonly runs?: Readonly<Record<string, Partial<RunHeader>>>;
  readonly now?: number;
  readonly created?: CreateRunResult;
  readonly isOvertaken?: boolean;
}

async function advance({ watch, runs = {}, now = 100_000, created, isOvertaken = false }: World) {
  const wrote: string[] = [];
  const ledger = {
    getRun: async (runId: string) => (runs[runId] ? ({ runId, ...runs[runId] } as RunHeader) : undefined),
    createRun: async (
      given: { runId: string; known: object },
      _: number,
      { generation }: { generation: number },
    ) => {
      wrote.push(`create ${given.runId} ${generation} ${JSON.stringify(given.known)}`);
      return created ?? { kind: 'created' };
    },
    beginGeneration: async ({ generation, follows }: { generation: number; follows: string | null }) => {
      wrote.push(`begin ${generation} ${follows}`);
      return !isOvertaken;
    },
    deleteRun: async (runId: string) => void wrote.push(`delete ${runId}`),
  };
  const record: WatchRecord = {
    ...{ version: 2, watchId: 'w', spec, state: 'active', generation: 0, follows: null },
    ...{ createdAt: 1000, beganAt: null, stoppedAt: null },
    ...watch,
  };
  const deps = { ledger, clock: { now: () => now } } as unknown as WatchDeps;
  return { advanced: await advanceWatch(record, deps), wrote };
}

const settled: Partial<RunHeader> = { state: 'settled', planName: 'p', generation: 1, failure: null };
const third = { generation: 3, beganAt: 90_000, follows: 'w.2' };
const NOTHING = { advanced: { kind: 'waiting' }, wrote: [] };

it('the first generation follows none and begins at once', async () => {
  expect(await advance({ now: 1000 })).toEqual({
    advanced: { kind: 'began', runId: 'w.1', follows: null },
    wrote: ['create w.1 1 {"keep":7}', 'begin 1 null'],
  });
});

it.each<[string, World]>([
  ['is stopped', { watch: { ...third, state: 'stopped' }, runs: { 'w.3': settled } }],
  ['is too early', { watch: third, runs: { 'w.3': settled }, now: 94_999 }],
  ['has a generation that runs', { watch: third, runs: { 'w.3': { ...settled, state: 'running' } } }],
  [
    'has a generation that is not planned',
    { watch: third, runs: { 'w.3': { state: 'accepted', planName: null } } },
  ],
])('nothing begins while the watch %s', async (_, world) => {
  expect(await advance(world)).toEqual(NOTHING);
});

const refused: Failure = { code: 'RERUN_REFUSED', message: 'lost' };
const unreached: Failure = { code: 'SERVER_UNREACHABLE', message: 'away' };

it.each<[string, NonNullable<World['runs']>, string | null]>([
  ['was planned', { 'w.3': settled }, 'w.3'],
  [
    'was never planned: the one before has what is known',
    { 'w.3': { ...settled, planName: null, failure: unreached }, 'w.2': settled },
    'w.2',
  ],
  ['was deleted', { 'w.2': settled }, 'w.2'],
  [
    'could not take over what was known',
    { 'w.3': { ...settled, planName: null, failure: refused }, 'w.2': settled },
    null,
  ],
  ['is gone, with the one before', {}, null],
])('the next generation begins when the interval has passed; the last one %s', async (_, runs, follows) => {
  const { advanced, wrote } = await advance({ watch: third, runs });
  expect(advanced).toEqual({ kind: 'began', runId: 'w.4', follows });
  const known = follows === null ? '{"keep":7}' : `{"keep":7,"of":"${follows}"}`;
  expect(wrote.slice(0, 2)).toEqual([`create w.4 4 ${known}`, `begin 4 ${follows}`]);
  // Two generations are kept, and the run that is followed in any case.
  expect(wrote.slice(2)).toEqual(follows === 'w.2' ? [] : ['delete w.2']);
});

it('a run that a process left before it died is the generation; a run of another one is not', async () => {
  const run = { ...settled, runId: 'w.4', generation: 4 } as RunHeader;
  const world = { watch: third, runs: { 'w.3': settled } };
  for (const kind of ['same', 'different'] as const)
    expect((await advance({ ...world, created: { kind, run } })).advanced).toMatchObject({ kind: 'began' });
  const others = await advance({ ...world, created: { kind: 'different', run: { ...run, generation: 1 } } });
  expect(others.advanced).toEqual({ kind: 'taken', runId: 'w.4' });
  expect(others.wrote).toHaveLength(1);
});

it('where another process was faster nothing is deleted', async () => {
  const { advanced, wrote } = await advance({ watch: third, runs: { 'w.3': settled }, isOvertaken: true });
  expect(advanced).toEqual({ kind: 'overtaken' });
  expect(wrote).toEqual(['create w.4 4 {"keep":7,"of":"w.3"}', 'begin 4 w.3']);
});
