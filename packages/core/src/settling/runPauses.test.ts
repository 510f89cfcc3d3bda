import { type HostPause, runSpec } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { runPauses } from './runPauses.ts';

const spec = runSpec.parse({
  ...{ version: 1, runId: 'run', source: 's', destination: 'd', direction: 'SRC' },
  tables: [{ name: 't' }],
});
const run = { spec, direction: 'SRC', plannedAt: 10_000, pausedAt: null, state: 'running' } as const;
const pause = (from: number, end: number | null): HostPause => ({
  ...{ host: 'db:3306', from, to: end },
  reasons: [{ kind: 'load', message: 'Threads_running 61 ≥ 40' }],
});

async function pausesOfRun(pauses: readonly HostPause[], change: object = {}) {
  const asked: (readonly string[])[] = [];
  const pausesOf = async (hosts: readonly string[]) => {
    asked.push(hosts);
    return pauses;
  };
  return { asked, ...(await runPauses({ ...run, ...change }, { pausesOf }, 30_000)) };
}

it('time that is paused on both servers counts once, and what was before the plan does not', async () => {
  const { pausedMs, told } = await pausesOfRun([
    pause(1000, 2000),
    pause(5000, 12_000),
    pause(11_000, 13_000),
    pause(28_000, null),
  ]);
  expect(pausedMs).toBe(3000 + 2000);
  expect(told.map(({ from, to }) => [from, to])).toEqual([
    [28_000, null],
    [11_000, 13_000],
    [10_000, 12_000],
  ]);
});

it('a server that was paused when the run was paused by hand counts up to then', async () => {
  expect((await pausesOfRun([pause(11_000, null)], { pausedAt: 15_000 })).pausedMs).toBe(4000);
});

it('servers are asked for by what they said of themselves, one server once', async () => {
  const server = { version: '8', host: 'db', port: '3306', serverId: '1', database: 'x' };
  const position = { missing: 'none' };
  const one = { ...server, uuid: 'u', position };
  expect((await pausesOfRun([], { servers: { base: one, target: one } })).asked).toEqual([['u']]);
  expect((await pausesOfRun([])).asked).toEqual([['connection s', 'connection d']]);
});

it('a settled run tells none', async () => {
  expect(await pausesOfRun([pause(11_000, null)], { state: 'settled' })).toMatchObject({
    told: [],
    pausedMs: 0,
  });
});
