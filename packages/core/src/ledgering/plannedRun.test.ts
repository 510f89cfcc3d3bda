import type { RunPlan, RunSpec } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { PlanCache } from './plannedRun.ts';

const SPEC = {} as RunSpec;

/** Plans by run and name. */
function ledgerOf(plans: ReadonlyMap<string, RunPlan>) {
  let asked = 0;
  const ledger = {
    getSpec: async () => SPEC,
    async getPlan(runId: string, name: string) {
      asked += 1;
      return plans.get(`${runId} ${name}`);
    },
  };
  return { cache: new PlanCache(ledger), timesAsked: () => asked };
}

it('a plan is read once', async () => {
  const plan = { tables: [] };
  const { cache, timesAsked } = ledgerOf(new Map([['r first', plan]]));
  expect(await cache.read('r', 'first')).toEqual({ spec: SPEC, plan });
  expect((await cache.read('r', 'first'))?.plan).toBe(plan);
  expect(timesAsked()).toBe(1);
});

it('a run that was planned anew has another plan, under another name', async () => {
  const [first, second] = [{ tables: [] }, { tables: [] }];
  const { cache } = ledgerOf(
    new Map([
      ['r first', first],
      ['r second', second],
    ]),
  );
  expect((await cache.read('r', 'first'))?.plan).toBe(first);
  expect((await cache.read('r', 'second'))?.plan).toBe(second);
});

it('a plan that is not there is not remembered as missing', async () => {
  const plans = new Map<string, RunPlan>();
  const { cache } = ledgerOf(plans);
  expect(await cache.read('r', 'first')).toBeUndefined();
  const plan = { tables: [] };
  plans.set('r first', plan);
  expect((await cache.read('r', 'first'))?.plan).toBe(plan);
});

it('the plan that was read first is forgotten when there are too many', async () => {
  const plans = new Map(Array.from({ length: 20 }, (_, i) => [`r${i} p`, { tables: [] }]));
  const { cache, timesAsked } = ledgerOf(plans);
  for (let i = 0; i < 20; i += 1) await cache.read(`r${i}`, 'p');
  await cache.read('r19', 'p');
  expect(timesAsked()).toBe(20);
  await cache.read('r0', 'p');
  expect(timesAsked()).toBe(21);
});
