import type { RunRecord } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { runCache } from './runCache.ts';

function ledgerOf(runs: Map<string, Partial<RunRecord>>) {
  let asked = 0;
  return {
    ledger: {
      async getRun(runId: string) {
        asked += 1;
        return runs.get(runId) as RunRecord | undefined;
      },
    },
    timesAsked: () => asked,
  };
}

it('a run is read once', async () => {
  const run = { runId: 'r', plannedAt: 5 };
  const { ledger, timesAsked } = ledgerOf(new Map([['r', run]]));
  const runOf = runCache(ledger);
  expect(await runOf('r', 5)).toBe(run);
  expect(await runOf('r', 5)).toBe(run);
  expect(timesAsked()).toBe(1);
});

it('a run that was planned anew is read anew', async () => {
  const runs = new Map([['r', { runId: 'r', plannedAt: 5 }]]);
  const runOf = runCache(ledgerOf(runs).ledger);
  await runOf('r', 5);
  const anew = { runId: 'r', plannedAt: 9 };
  runs.set('r', anew);
  expect(await runOf('r', 9)).toBe(anew);
});

it.each([
  ['is not there', undefined],
  ['is being planned again', { runId: 'r', plannedAt: null, tables: [] }],
  ['was planned anew', { runId: 'r', plannedAt: 9 }],
])('a run that %s is a fault of the ledger, and is not remembered', async (_, found) => {
  const runs = new Map<string, Partial<RunRecord>>(found ? [['r', found]] : []);
  const runOf = runCache(ledgerOf(runs).ledger);
  await expect(runOf('r', 5)).rejects.toMatchObject({ class: 'transient', place: 'ledger' });
  const right = { runId: 'r', plannedAt: 5 };
  runs.set('r', right);
  expect(await runOf('r', 5)).toBe(right);
});

it('the run that was read first is forgotten when there are too many', async () => {
  const runs = new Map(Array.from({ length: 20 }, (_, i) => [`r${i}`, { runId: `r${i}`, plannedAt: 5 }]));
  const { ledger, timesAsked } = ledgerOf(runs);
  const runOf = runCache(ledger);
  for (const runId of runs.keys()) await runOf(runId, 5);
  await runOf('r19', 5);
  expect(timesAsked()).toBe(20);
  await runOf('r0', 5);
  expect(timesAsked()).toBe(21);
});
