/** A ledger that is lost says so itself: its faults must not pass for faults of the databases (law 1). */
import { Fault, type PlacedTablePlan, type TableRecord, zeroCounts } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { planReader } from '../../ledgering/plannedRun.ts';
import { ConvergenceTimes } from '../../shards/convergenceTimes.ts';
import { mapSides } from '../../sides/sides.ts';
import { FakeRowReader } from '../../testing/fakeRowReader.ts';
import { ManualClock } from '../../testing/manualClock.ts';
import { Quarantine } from '../../validating/quarantine.ts';
import { WaitingShards } from '../../validating/waitingShards.ts';
import { workShard } from '../../validating/workShard.ts';
import { type Bench, LOST, RUN, specOf, tablesOf, tiledPlan } from './bench.ts';

const TABLE = { schema: 's', table: 't' };
const PLAN: PlacedTablePlan = {
  tables: { source: TABLE, destination: TABLE },
  columns: ['id', 'note'].map((name) => ({
    names: { source: name, destination: name },
    types: { source: 'varchar(9)', destination: 'varchar(9)' },
    readAs: { kind: 'plain' },
    rules: [],
  })),
  key: [{ column: 0, kind: 'text' }],
  indexes: { source: 'PRIMARY', destination: 'PRIMARY' },
  where: null,
};
const OF_LEDGER = { name: 'Fault', place: 'ledger' };

export function testLostLedger(bench: Bench, lose: () => void): void {
  it('every call on a lost ledger throws a fault of the ledger', async () => {
    await planWholeTable(bench);
    const attempt = await bench.hold(0);
    const hold = bench.lastOf(attempt);
    lose();
    const { ledger } = bench;
    const progress = { checkpoint: null, add: zeroCounts() };
    const calls: Readonly<Record<string, () => Promise<unknown>>> = {
      claim: () => bench.claim(0),
      commit: () => ledger.commit(hold, progress, 4),
      finish: () => ledger.finish(hold, { ...progress, outcome: 'match', failure: null }, 4),
      split: () => ledger.split(hold, [['5']]),
      release: () => ledger.release(hold),
      openShards: () => ledger.openShards(RUN, 1),
      getRun: () => ledger.getRun(RUN),
      getSpec: () => ledger.getSpec(RUN),
      getPlan: () => ledger.getPlan(RUN, 'any'),
      totals: () => ledger.totals(RUN),
      ping: () => ledger.ping(),
    };
    for (const [name, call] of Object.entries(calls)) {
      await expect(call(), name).rejects.toMatchObject(OF_LEDGER);
    }
  });

  it('a call that breaks a rule of the ledger throws a fault of the ledger', async () => {
    await planWholeTable(bench);
    const hold = bench.lastOf(await bench.hold(0));
    const end = { checkpoint: null, add: zeroCounts(), outcome: 'inconclusive', failure: null } as const;
    await expect(bench.ledger.finish(hold, end, 4)).rejects.toMatchObject(OF_LEDGER);
    await expect(bench.ledger.split(hold, [])).rejects.toMatchObject(OF_LEDGER);
  });

  it('a ledger that is lost under a shard ends the work on it, whatever the databases say meanwhile', async () => {
    await planWholeTable(bench);
    const database = new Fault('permanent', LOST);
    await expect(
      work(bench, () => {
        lose();
        throw database;
      }),
    ).rejects.toMatchObject(OF_LEDGER);
  });

  it('a ledger that is lost before the last commit: the shard has no outcome', async () => {
    await planWholeTable(bench);
    await expect(work(bench, lose)).rejects.toMatchObject(OF_LEDGER);
  });

  it('a ledger that fails once: the shard is not given up for it', async () => {
    await planWholeTable(bench);
    const passing = new Fault('transient', LOST, { place: 'ledger' });
    let calls = 0;
    const finish: Bench['ledger']['finish'] = (...args) => {
      calls += 1;
      return calls === 1 ? Promise.reject(passing) : bench.ledger.finish(...args);
    };
    await expect(work({ ledger: { ...bench.ledger, finish } }, () => {})).rejects.toBe(passing);
    expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({ state: 'running', outcome: null });
  });

  it('a fault of the databases on a ledger that is there makes the shard inconclusive', async () => {
    await planWholeTable(bench);
    const database = new Fault('permanent', LOST);
    const end = await work(bench, () => {
      throw database;
    });
    expect(end).toEqual({ kind: 'ended', outcome: 'inconclusive', cause: database });
    expect(await bench.ledger.getShard(RUN, 0)).toMatchObject({
      state: 'done',
      failure: { code: LOST.code },
    });
  });
}

async function planWholeTable({ ledger }: Bench): Promise<void> {
  await ledger.createRun(specOf(RUN), 1000);
  const planning = await ledger.beginPlanning(RUN);
  await ledger.addShards(planning, tiledPlan([1]));
  const tables = tablesOf([1]).map((table): TableRecord => ({ ...table, plan: PLAN }));
  await ledger.completePlan(planning, { tables, now: 2000 });
}

/** `onRead` is called before each read of either side. */
function work({ ledger }: Pick<Bench, 'ledger'>, onRead: () => void) {
  const readers = mapSides({ base: onRead, target: onRead }, (beforeRead) => {
    const rows = new FakeRowReader([['a', 'same']]);
    rows.beforeRead = beforeRead;
    return rows;
  });
  return workShard(
    { runId: RUN, shard: 0 },
    {
      ledger,
      readPlan: planReader(ledger),
      openReaders: () => ({ pages: readers, points: readers }),
      openSink: () => ({ publish: async () => {}, flush: async () => {} }),
      clock: new ManualClock(),
      holder: 'test',
      quarantine: new Quarantine(),
      convergence: new ConvergenceTimes(),
      waiting: new WaitingShards(),
    },
    new AbortController().signal,
  );
}
