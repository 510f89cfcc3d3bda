// Faults of the services themselves.

import { join } from 'node:path';
import type { AppName } from '@rowparity/harness';
import { ROOT } from '@rowparity/harness';
import { type Fault, forMs } from '../fault.ts';
import type { World } from '../world.ts';

/** Longer than its lock, and long enough for another worker to begin the shard anew. */
const ASLEEP_LOCKS = 2.5;
const ASLEEP_LEASES = 2;
const CLOCK_JUMPS_MS = 3000;
const JUMPING_CLOCK = join(ROOT, 'e2e', 'src', 'faults', 'jumpingClock.ts');

async function replace(world: World, app: AppName, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  const [victim] = world.system.apps(app);
  if (!victim) throw new Error(`no ${app} lives`);
  await world.system.end(victim, signal);
  await world.system.start(app);
}

async function replaceLeader({ system }: World, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  await system.end(await system.leader(), signal);
  await system.start('coordinator');
}

export const PROCESS_FAULTS: readonly Fault[] = [
  { name: 'a worker is killed (SIGKILL)', strike: (world) => replace(world, 'worker', 'SIGKILL') },
  { name: 'a worker is told to end (SIGTERM)', strike: (world) => replace(world, 'worker', 'SIGTERM') },
  {
    name: 'every worker is killed at once',
    async strike({ system }) {
      const victims = system.apps('worker');
      await Promise.all(victims.map((victim) => system.end(victim, 'SIGKILL')));
      await Promise.all(victims.map(() => system.start('worker')));
    },
  },
  {
    name: 'the leading coordinator is killed (SIGKILL)',
    strike: (world) => replaceLeader(world, 'SIGKILL'),
  },
  {
    name: 'the leading coordinator is told to end (SIGTERM)',
    strike: (world) => replaceLeader(world, 'SIGTERM'),
  },
  {
    name: 'every coordinator is killed at once',
    async strike({ system }) {
      const victims = system.apps('coordinator');
      await Promise.all(victims.map((victim) => system.end(victim, 'SIGKILL')));
      await Promise.all(victims.map(() => system.start('coordinator')));
    },
  },
  { name: 'the reporter is killed (SIGKILL)', strike: (world) => replace(world, 'reporter', 'SIGKILL') },
  { name: 'the reporter is told to end (SIGTERM)', strike: (world) => replace(world, 'reporter', 'SIGTERM') },
  {
    name: 'a worker sleeps longer than its lock (SIGSTOP)',
    async strike({ system }, random) {
      const victim = random.pick(system.apps('worker'));
      victim.pause();
      await forMs(system.times.lockMs * ASLEEP_LOCKS);
      victim.resume();
    },
  },
  {
    name: 'the leading coordinator sleeps longer than its lease (SIGSTOP)',
    async strike({ system }) {
      const victim = await system.leader();
      victim.pause();
      await forMs(system.times.leaseMs * ASLEEP_LEASES);
      victim.resume();
    },
  },
  {
    name: "a worker's clock jumps by an hour, back and forth",
    async strike({ system }) {
      const [victim] = system.apps('worker');
      if (victim) await system.end(victim, 'SIGTERM');
      const jumping = await system.start('worker', { NODE_OPTIONS: `--import=${JUMPING_CLOCK}` });
      await forMs(CLOCK_JUMPS_MS);
      await system.end(jumping, 'SIGTERM');
      await system.start('worker');
    },
  },
];
