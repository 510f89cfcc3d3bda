/** Who works on a run at this moment, for people who look on: a few reads, and no record of its own. */
import { z } from 'zod';
import { epochMs, runId, safeCount } from './scalars.ts';

/** Of a fleet with more processes on one run, those with the most shards are named. */
export const FLEET_WORKERS_MAX = 100;

export const runFleet = z.object({
  runId,
  /** When it was read. */
  at: epochMs,
  /** Whether a coordinator leads: the one that plans, opens shards and settles. */
  isLed: z.boolean(),
  /** Workers that hold shards of the run, as they name themselves, those with the most first. */
  workers: z.array(z.object({ name: z.string(), shards: safeCount })).max(FLEET_WORKERS_MAX),
  workersTotal: safeCount,
  /** Shards of the run that are in hand. */
  shards: safeCount,
  /** Shard jobs of all runs: on the queue, and taken by workers. */
  jobs: z.object({ waiting: safeCount, active: safeCount }),
});
export type RunFleet = z.infer<typeof runFleet>;
