/** The one place where a process reads the time and sleeps. */
import { setTimeout as sleepFor } from 'node:timers/promises';
import type { Clock } from '@rowparity/contracts';

export const systemClock: Clock = {
  now: () => Date.now(),
  steadyNow: () => performance.now(),
  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await sleepFor(ms, undefined, { signal }).catch(() => {
      throw signal.reason;
    });
  },
};
