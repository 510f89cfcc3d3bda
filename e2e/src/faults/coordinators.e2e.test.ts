// Two coordinators at once, and a plan whose coordinator ends.

import type { AppProcess } from '@rowparity/harness';
import { postRun, readReport } from '@rowparity/harness';
import { seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { forMs } from './fault.ts';
import { faultSeed } from './seed.ts';
import { differencesFromCalm, type StormyRun, stormyRun } from './stormyRun.ts';
import { openWorld, usualWeather, type World } from './world.ts';

const ROWS = 2000;
/** So slow that a plan takes seconds. */
const SLOW_MS = 15;

const random = seededRandom(faultSeed());
const say = (line: string) => console.log(line);
let world: World;
let calm: StormyRun;

beforeAll(async () => {
  world = await openWorld({ label: 'coordinators', rows: ROWS, seed: 42, workers: 2, coordinators: 2 });
  calm = await stormyRun(world, await world.spec('calm'), { faults: [], random, say });
  expect(differencesFromCalm(calm, calm, world)).toEqual([]);
});
beforeEach(() => world.restore());
afterAll(() => world?.[Symbol.asyncDispose]());

function setWeather(weather: Parameters<World['links']['source']['set']>[0]): void {
  for (const link of [world.links.source, world.links.destination]) link.set(weather);
}

/** Happens at a random moment of planning. */
async function strikeMidPlan(strike: (leader: AppProcess) => Promise<void>): Promise<StormyRun> {
  const spec = await world.spec('mid-plan');
  const leader = await world.system.leader();
  setWeather({ kind: 'latency', ms: SLOW_MS });
  const running = stormyRun(world, spec, { faults: [], random, say });
  running.catch(() => undefined);
  const { reporterUrl } = world.system;
  await expect
    .poll(async () => (await readReport(reporterUrl, spec.runId).catch(() => undefined))?.state, {
      interval: 20,
    })
    .toBe('planning');
  await forMs(random.int(0, 400));
  expect((await readReport(reporterUrl, spec.runId)).state).toBe('planning');
  await strike(leader);
  setWeather(usualWeather);
  return running;
}

test('of two coordinators one leads; both take orders, and an order given to both is one run', async () => {
  const spec = await world.spec('both');
  const urls = world.system.apps('coordinator').map(({ url }) => url);
  expect(urls).toHaveLength(2);
  const answers = await Promise.all([...urls, ...urls].map((url) => postRun(url, spec)));
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202]);
  const run = await stormyRun(world, spec, { faults: [], random, say });
  expect(differencesFromCalm(run, calm, world)).toEqual([]);
});

test('a leader killed while it plans is followed by the other one', async () => {
  const run = await strikeMidPlan(async (leader) => {
    const begin = performance.now();
    await world.system.end(leader, 'SIGKILL');
    await world.system.leader();
    const ms = performance.now() - begin;
    say(
      `another coordinator leads ${Math.round(ms)} ms after SIGKILL, with a lease of ${world.system.times.leaseMs} ms`,
    );
    await world.system.start('coordinator');
  });
  expect(differencesFromCalm(run, calm, world)).toEqual([]);
});

test('a leader told to end while it plans hands over', async () => {
  const run = await strikeMidPlan(async (leader) => {
    await world.system.end(leader, 'SIGTERM');
    await world.system.start('coordinator');
  });
  expect(differencesFromCalm(run, calm, world)).toEqual([]);
});

test('a leader that sleeps through its lease while it plans, and wakes up, spoils nothing', async () => {
  const run = await strikeMidPlan(async (leader) => {
    leader.pause();
    await forMs(world.system.times.leaseMs * 2);
    expect((await world.system.leader()).name).not.toBe(leader.name);
    // In the middle of the other one's planning.
    leader.resume();
    await forMs(300);
  });
  expect(differencesFromCalm(run, calm, world)).toEqual([]);
});
