import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { RunIntent } from '../ports/ledger.ts';
import { HeldRuns, RunStopped } from './heldRuns.ts';

/** The process asks when the test says that a second has passed. */
function heldRuns() {
  const intents = new Map<string, RunIntent | Error>();
  const asked: (readonly string[])[] = [];
  const errors: unknown[] = [];
  let pass: (() => void) | undefined;
  const runs = new HeldRuns({
    ledger: {
      runIntents: async (runIds) => {
        asked.push(runIds);
        return runIds.map((runId) => {
          const intent = intents.get(runId) ?? 'work';
          if (intent instanceof Error) throw intent;
          return intent;
        });
      },
    },
    clock: {
      sleep: () =>
        new Promise((resolve) => {
          pass = resolve;
        }),
    },
    onError: (error) => errors.push(error),
  });
  const second = async () => {
    pass?.();
    pass = undefined;
    await turn();
  };
  const isAsking = () => pass !== undefined;
  return { runs, intents, asked, errors, second, isAsking };
}

/** A shard that works until it is aborted or told to end. */
function shardOf(runs: HeldRuns, runId: string, signal = new AbortController().signal) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const ended = runs.whileWanted(runId, signal, async (own) => {
    own.addEventListener('abort', () =>
      resolve(own.reason instanceof RunStopped ? own.reason.intent : 'other'),
    );
    return promise;
  });
  return { ended, end: () => resolve('ended') };
}

it('one question asks for all runs of the process, and stops the shards of those that are paused or over', async () => {
  const { runs, intents, asked, second } = heldRuns();
  const paused = [shardOf(runs, 'paused'), shardOf(runs, 'paused')];
  const cancelled = shardOf(runs, 'cancelled');
  const other = shardOf(runs, 'other');
  await second();
  intents.set('paused', 'pause').set('cancelled', 'stop');
  await second();
  expect(await Promise.all([...paused, cancelled].map(({ ended }) => ended))).toEqual([
    'pause',
    'pause',
    'stop',
  ]);
  await second();
  expect(asked).toEqual([['paused', 'cancelled', 'other'], ['paused', 'cancelled', 'other'], ['other']]);
  other.end();
  expect(await other.ended).toBe('ended');
});

it('a run that is taken up again after its pause works on, also beside a shard that still ends', async () => {
  const { runs, intents, second } = heldRuns();
  const slow = Promise.withResolvers<void>();
  const never = new AbortController().signal;
  const signals: AbortSignal[] = [];
  const first = runs.whileWanted('run', never, async (signal) => {
    signals.push(signal);
    await slow.promise;
  });
  intents.set('run', 'pause');
  await second();
  intents.set('run', 'work');
  const again = shardOf(runs, 'run');
  slow.resolve();
  await first;
  expect(signals[0]?.aborted).toBe(true);
  intents.set('run', 'pause');
  await second();
  expect(await again.ended).toBe('pause');
});

it('a ledger that does not answer stops nothing, and is asked again', async () => {
  const { runs, intents, errors, second } = heldRuns();
  const shard = shardOf(runs, 'run');
  intents.set('run', new Error('away'));
  await second();
  expect(errors).toHaveLength(1);
  intents.set('run', 'stop');
  await second();
  expect(await shard.ended).toBe('stop');
});

it('the signal of the job stops the shard, too, and without shards nothing is asked', async () => {
  const { runs, asked, second, isAsking } = heldRuns();
  const draining = new AbortController();
  const shard = shardOf(runs, 'run', draining.signal);
  draining.abort();
  expect(await shard.ended).toBe('other');
  await second();
  expect(asked).toEqual([]);
  expect(isAsking()).toBe(false);
  const next = shardOf(runs, 'run');
  expect(isAsking()).toBe(true);
  next.end();
  await next.ended;
});
