// The type of a fault, and small functions for this folder.

import { setTimeout as sleep } from 'node:timers/promises';
import type { SeededRandom } from '@rowparity/testkit';
import type { World } from './world.ts';

export interface Fault {
  /** As docs/faults.md has it. */
  readonly name: string;
  /** Breaks something in the middle of a run, and restores it; resolves when everything is as before. */
  strike(world: World, random: SeededRandom): Promise<void>;
}

export function forMs(ms: number): Promise<void> {
  return sleep(ms);
}
