/** A clock on which every sleep lets the rest of the process go on, and moves the time: loops that wait end soon. */
import { setImmediate } from 'node:timers/promises';
import { ManualClock } from './manualClock.ts';

export class TurningClock extends ManualClock {
  override async sleep(ms: number, signal: AbortSignal): Promise<void> {
    await setImmediate();
    await super.sleep(ms, signal);
  }
}
