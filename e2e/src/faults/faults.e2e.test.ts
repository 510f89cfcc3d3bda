// Every fault of the catalogue, some in a run, at random points.

import { seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { GROUPS } from './catalogue/index.ts';
import { faultSeed } from './seed.ts';
import { differencesFromCalm, type StormyRun, stormyRun } from './stormyRun.ts';
import { openWorld, type World } from './world.ts';

const ROWS = 4000;

const seed = faultSeed();
const say = (line: string) => console.log(line);
let world: World;
let calm: StormyRun;

beforeAll(async () => {
  world = await openWorld({ label: 'faults', rows: ROWS, seed: 41, workers: 2, coordinators: 2 });
  calm = await stormyRun(world, await world.spec('calm'), { faults: [], random: seededRandom(seed), say });
  expect(differencesFromCalm(calm, calm, world)).toEqual([]);
});
beforeEach(() => world.restore());
afterAll(() => world?.[Symbol.asyncDispose]());

test.each(GROUPS)('a run comes out as if nothing had been: $names', async (group) => {
  const random = seededRandom(seed + GROUPS.indexOf(group));
  let left = group.faults;
  while (left.length > 0) {
    const stormy = await stormyRun(world, await world.spec('stormy'), { faults: left, random, say });
    expect(stormy.struckAt).not.toEqual([]);
    expect(differencesFromCalm(stormy, calm, world)).toEqual([]);
    // A run that was over too soon leaves the rest to the next one.
    left = left.slice(stormy.struckAt.length);
  }
});
