// Every fault of the catalogue, some in a run, at random points.

import { seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { GROUPS } from './catalogue/index.ts';
import { LAGGING_FAILOVER } from './catalogue/redis.ts';
import { faultSeed } from './seed.ts';
import { differencesFromCalm, type StormyRun, stormyRun } from './stormyRun.ts';
import { openWorld, type World } from './world.ts';

const ROWS = 4000;
/** While the last shards are done and the verdict is made. */
const AT_THE_END = [90, 99] as const;
const ENDS = 3;

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

test('a failover that takes back the end of a run has it told once, when all is done again', async () => {
  const random = seededRandom(seed);
  let strikes = 0;
  for (let end = 0; end < ENDS; end += 1) {
    const storm = { faults: [LAGGING_FAILOVER], percents: AT_THE_END, random, say };
    const stormy = await stormyRun(world, await world.spec('end'), storm);
    expect(differencesFromCalm(stormy, calm, world)).toEqual([]);
    strikes += stormy.struckAt.length;
  }
  // A run may end before its fault.
  expect(strikes).toBeGreaterThan(0);
});
