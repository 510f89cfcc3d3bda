// Kills one worker with SIGKILL while a run is under way and starts another, as a lost machine would.

import type { RunReport } from '@rowparity/contracts';
import type { System } from './startSystem.ts';

/** Early enough that work is left, late enough that work was done. */
const PERCENT_MIN = 10;
const PERCENT_MAX = 70;

export interface MidwayKill {
  /** For `untilSettled`. */
  onReport(report: RunReport): Promise<void>;
  /** Progress at which a worker was killed; undefined when the run went by too quickly. */
  percent(): number | undefined;
}

export function killMidway(system: System, say: (line: string) => void = () => undefined): MidwayKill {
  let killedAt: number | undefined;
  return {
    percent: () => killedAt,
    async onReport({ state, percent }) {
      const isMidway = state === 'running' && percent >= PERCENT_MIN && percent <= PERCENT_MAX;
      const [victim] = system.apps('worker');
      if (killedAt !== undefined || !isMidway || !victim) return;
      killedAt = percent;
      await system.end(victim, 'SIGKILL');
      say(`${victim.name} (process ${victim.pid}) killed with SIGKILL at ${percent.toFixed(0)} %`);
      const next = await system.start('worker');
      say(`${next.name} (process ${next.pid}) started in its place`);
    },
  };
}
