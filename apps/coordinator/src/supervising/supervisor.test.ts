import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, Fault } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { Supervisor, type SupervisorDeps } from './supervisor.ts';

/** Each sleep takes its time at once, and lets everything else have a turn. */
class QuickClock implements Clock {
  #ms = 0;
  sleeps = 0;

  now(): number {
    return this.#ms;
  }

  steadyNow(): number {
    return this.#ms;
  }

  advance(ms: number): void {
    this.#ms += ms;
  }

  async sleep(ms: number, signal: AbortSignal): Promise<void> {
    this.#ms += ms;
    this.sleeps += 1;
    await turn();
    signal.throwIfAborted();
  }
}

function supervise(openRuns: () => Promise<readonly string[]>) {
  const clock = new QuickClock();
  const term = { number: 1, signal: new AbortController().signal };
  const log = { warn: () => undefined };
  const deps = { lease: { term }, ledger: { openRuns }, clock, log } as unknown as SupervisorDeps;
  const supervisor = new Supervisor(deps);
  supervisor.start();
  return { supervisor, clock };
}

it('an unreachable ledger does not make the supervisor silent: a restart would not help', async () => {
  const away = new Fault('transient', { code: 'SERVER_UNREACHABLE', message: 'gone' });
  const { supervisor, clock } = supervise(() => Promise.reject(away));
  await expect.poll(() => clock.sleeps).toBeGreaterThan(1000);
  expect(clock.steadyNow()).toBeGreaterThan(60_000);
  expect(supervisor.silentMs).toBeLessThan(1000);
  await supervisor.stop();
});

it('a look that never ends does', async () => {
  const { promise, resolve } = Promise.withResolvers<readonly string[]>();
  const { supervisor, clock } = supervise(() => promise);
  await turn();
  clock.advance(61_000);
  expect(supervisor.silentMs).toBe(61_000);
  resolve([]);
  await supervisor.stop();
});
