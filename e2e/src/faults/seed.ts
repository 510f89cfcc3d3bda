// The seed of a fault test: printed, so that the same faults can be had at the same points again.

import { randomInt } from 'node:crypto';

const SEED_VARIABLE = 'ROWPARITY_FAULT_SEED';
const SEED_MAX = 1_000_000;

export function faultSeed(env: NodeJS.ProcessEnv = process.env): number {
  const given = Number(env[SEED_VARIABLE]);
  const seed = Number.isInteger(given) && given > 0 ? given : randomInt(1, SEED_MAX);
  console.log(`faults at random points: ${SEED_VARIABLE}=${seed}`);
  return seed;
}
