import { type FailureCode, Fault, runSpec, zeroCounts } from '@rowparity/contracts';
import { endHopelessRun, type Ledger } from '@rowparity/core';
import { openSqliteLedger } from '@rowparity/sqlite';
import { expect, it } from 'vitest';

const RUN = 'run-1';
const clock = { now: () => 9 };
const faultOf = (code: FailureCode) => new Fault('configuration', { code, message: 'why' });

async function runningRun(): Promise<Ledger> {
  const ledger = openSqliteLedger({ path: ':memory:' });
  const spec = { version: 1, runId: RUN, source: 's', destination: 'd', direction: 'SRC' };
  await ledger.createRun(runSpec.parse({ ...spec, tables: [{ name: 't' }] }), 1);
  const planning = await ledger.beginPlanning(RUN);
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  await ledger.completePlan(planning, {
    tables: [
      { names: { source: 't', destination: 't' }, plan: null, refusal: null, shards: 1, estimatedRows: 1 },
    ],
    now: 2,
  });
  return ledger;
}

it.each(['TOPIC_NOT_ALLOWED', 'TOPIC_NOT_FOUND', 'CONNECTION_UNKNOWN', 'RUN_UNREADABLE'] as const)(
  '%s ends the run at once, with the cause as its failure',
  async (code) => {
    const ledger = await runningRun();
    expect(await endHopelessRun(RUN, faultOf(code), { ledger, clock })).toBe(true);
    expect(await ledger.getRun(RUN)).toMatchObject({
      state: 'settled',
      verdict: 'inconclusive',
      failure: { code, message: 'why' },
    });
    expect(await endHopelessRun(RUN, faultOf(code), { ledger, clock })).toBe(false);
  },
);

it('a run that has found differences stays inconsistent', async () => {
  const ledger = await runningRun();
  const claim = await ledger.claim({ runId: RUN, shard: 0, holder: 'w', strikesMax: 10, now: 3 });
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  await ledger.commit(claim.hold, { checkpoint: ['1'], add: { ...zeroCounts(), neq: 1 } }, 4);
  expect(await endHopelessRun(RUN, faultOf('TOPIC_NOT_FOUND'), { ledger, clock })).toBe(true);
  expect(await ledger.getRun(RUN)).toMatchObject({ verdict: 'inconsistent' });
});

it('any other fault is one shard’s', async () => {
  const ledger = await runningRun();
  expect(await endHopelessRun(RUN, faultOf('STATEMENT_FAILED'), { ledger, clock })).toBe(false);
  expect(await endHopelessRun(RUN, new Error('x'), { ledger, clock })).toBe(false);
  expect(await ledger.getRun(RUN)).toMatchObject({ state: 'running' });
});
