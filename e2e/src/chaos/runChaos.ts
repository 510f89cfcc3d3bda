// Runs, one after the other, each with some faults of the catalogue, until the time is over. True when every run came
// out as if undisturbed.

import { breakable, type SeededRandom, seededRandom } from '@rowparity/testkit';
import { CATALOGUE } from '../faults/catalogue/index.ts';
import { type Fault, forMs } from '../faults/fault.ts';
import { differencesFromCalm, type StormyRun, stormyRun } from '../faults/stormyRun.ts';
import { openWorld, type World } from '../faults/world.ts';
import type { ChaosOptions } from './options.ts';

const FAULTS_A_RUN_MAX = 4;
const LONG_OUTAGE_CHANCE = 0.05;
const DIFFERENCES_SHOWN = 20;

/** Too long for a test of every day. */
const LONG_OUTAGE: Fault = {
  name: 'the brokers are gone for a minute',
  async strike({ servers }) {
    const kafka = breakable(servers.kafka);
    await kafka.kill();
    await forMs(60_000);
    await kafka.start();
  },
};

export async function runChaos(options: ChaosOptions, signal: AbortSignal): Promise<boolean> {
  const { seed, minutes, rows } = options;
  console.log(`Rowparity chaos: seed ${seed}, ${minutes} minutes, ${rows.toLocaleString('en')} rows`);
  const random = seededRandom(seed);
  await using world = await openWorld({ label: 'chaos', rows, seed, workers: 3, coordinators: 2, say });
  const calm = await stormyRun(world, await world.spec('calm'), { faults: [], random, say, signal });
  if (!isFine('calm', differencesFromCalm(calm, calm, world))) return false;
  const endMs = performance.now() + minutes * 60_000;
  let fine = 0;
  let broken = 0;
  for (let turn = 1; performance.now() < endMs && !signal.aborted; turn += 1) {
    const isWell = await oneRun(world, { turn, calm, random, signal });
    if (isWell) fine += 1;
    else broken += 1;
    await world.restore();
  }
  console.log(`\n${fine} runs came out as if nothing had been, ${broken} did not (seed ${seed})`);
  if (broken > 0) console.log(await world.system.lastLogLines());
  return broken === 0;
}

interface Turn {
  readonly turn: number;
  readonly calm: StormyRun;
  readonly random: SeededRandom;
  readonly signal: AbortSignal;
}

async function oneRun(world: World, { turn, calm, random, signal }: Turn): Promise<boolean> {
  const faults = choose(random);
  console.log(`\nrun ${turn}: ${faults.map(({ name }) => name).join('; ')}`);
  // Faults draw from a source of their own: how many runs fit into the time changes nothing of the next one.
  const own = seededRandom(random.int(0, 2 ** 31));
  try {
    const stormy = await stormyRun(world, await world.spec('chaos'), { faults, random: own, say, signal });
    const missed = faults.length - stormy.struckAt.length;
    if (missed > 0) say(`the run was over before ${missed} of them could strike`);
    return isFine(`run ${turn}`, differencesFromCalm(stormy, calm, world));
  } catch (error) {
    if (signal.aborted) throw error;
    return isFine(`run ${turn}`, [error instanceof Error ? error.message : String(error)]);
  }
}

function choose(random: SeededRandom): readonly Fault[] {
  if (random.chance(LONG_OUTAGE_CHANCE)) return [LONG_OUTAGE];
  return random.shuffle(CATALOGUE).slice(0, random.int(1, FAULTS_A_RUN_MAX));
}

function isFine(name: string, differences: readonly string[]): boolean {
  console.log(differences.length === 0 ? `✓ ${name} came out as it must` : `✗ ${name} did not:`);
  for (const difference of differences.slice(0, DIFFERENCES_SHOWN)) say(difference);
  return differences.length === 0;
}

function say(line: string): void {
  console.log(`  ${line}`);
}
