import { Fault, watchSpec } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { openSqliteLedger } from '@rowparity/sqlite';
import { expect, it } from 'vitest';
import { Watches, type WatchesDeps } from './watches.ts';

const spec = watchSpec.parse({
  ...{ version: 1, intervalMs: 5000 },
  run: { version: 1, source: 's', destination: 'd', direction: 'SRC', tables: [{ name: 't' }] },
});

function world(ledger: Ledger) {
  const logged: string[] = [];
  let nowMs = 10_000;
  const log = {
    info: (fields: { runId: string }) => logged.push(`info ${fields.runId}`),
    error: (fields: { watchId: string }) => logged.push(`error ${fields.watchId}`),
  };
  const clock = { now: () => nowMs, steadyNow: () => nowMs };
  const watches = new Watches({ ledger, clock, log } as unknown as WatchesDeps);
  const lookAfter = async (ms: number) => {
    nowMs += ms;
    await watches.look();
  };
  return { logged, lookAfter };
}

async function put(ledger: Ledger, watchId: string): Promise<void> {
  await ledger.putWatch({ watchId, spec, now: 1, max: 9, forgetBefore: 0 });
}

it('a generation begins when the last one is settled and the interval has passed, one at a time', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  const { logged, lookAfter } = world(ledger);
  await put(ledger, 'w');
  await lookAfter(0);
  await lookAfter(9000);
  expect(logged).toEqual(['info w.1']);
  expect(await ledger.getRun('w.1')).toMatchObject({ generation: 1, state: 'accepted' });
  await ledger.settle('w.1', { verdict: 'inconclusive', failure: null, now: 2 });
  await lookAfter(999);
  expect(logged).toHaveLength(1);
  await lookAfter(1);
  expect(logged).toEqual(['info w.1', 'info w.2']);
  expect(await ledger.getRun('w.2')).toMatchObject({ generation: 2 });
  await ledger.stopWatch('w', 3);
  await ledger.settle('w.2', { verdict: 'inconclusive', failure: null, now: 2 });
  await lookAfter(60_000);
  expect(logged).toHaveLength(2);
});

it('one that cannot go on is told once a minute and holds up no other; a ledger that is away ends the look', async () => {
  const ledger = openSqliteLedger({ path: ':memory:' });
  const { logged, lookAfter } = world({
    ...ledger,
    createRun: (given, now, generation) => {
      if (given.runId.startsWith('bad')) throw new Error('broken');
      if (given.runId.startsWith('z'))
        throw new Fault('transient', { code: 'CONNECTION_LOST', message: 'gone' }, { place: 'ledger' });
      return ledger.createRun(given, now, generation);
    },
  });
  await put(ledger, 'bad');
  await put(ledger, 'good');
  for (const ms of [0, 2000, 2000]) await lookAfter(ms);
  expect(logged).toEqual(['error bad', 'info good.1']);
  await lookAfter(60_000);
  expect(logged).toEqual(['error bad', 'info good.1', 'error bad']);
  await put(ledger, 'z');
  await expect(lookAfter(2000)).rejects.toMatchObject({ code: 'CONNECTION_LOST' });
});
