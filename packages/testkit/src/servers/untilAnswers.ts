// Waits for a server that is starting: asks again and again until it answers, dies, or time is up.
// The only place of this package that polls.

import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when the server answers; rejects when it does not (yet). */
export type Answers = () => Promise<unknown>;

export interface Patience {
  readonly deadlineMs: number;
  /** When this turns false, waiting is pointless. */
  readonly isAlive?: () => boolean;
}

const POLL_MS = 50;

export async function untilAnswers(answers: Answers, { deadlineMs, isAlive }: Patience): Promise<void> {
  const endMs = Date.now() + deadlineMs;
  for (;;) {
    try {
      await answers();
      return;
    } catch (cause) {
      if (isAlive?.() === false) throw new Error('the process ended before it answered', { cause });
      if (Date.now() > endMs) throw new Error(`no answer within ${deadlineMs} ms`, { cause });
      await sleep(POLL_MS);
    }
  }
}
