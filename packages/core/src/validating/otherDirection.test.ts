import {
  type Direction,
  Fault,
  type InconsistentEvent,
  type RunPlan,
  runSpec,
  type TablePlan,
  zeroCounts,
} from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { PlannedRun } from '../ledgering/plannedRun.ts';
import type { PlacedEvent } from '../ports/eventSink.ts';
import type { ClaimResult, RunIntent } from '../ports/ledger.ts';
import { ConvergenceTimes } from '../shards/convergenceTimes.ts';
import { mapSides } from '../sides/sides.ts';
import { FakeRowReader } from '../testing/fakeRowReader.ts';
import { ManualClock } from '../testing/manualClock.ts';
import { Quarantine } from './quarantine.ts';
import { WaitingShards } from './waitingShards.ts';
import { type ShardWorkDeps, workShard } from './workShard.ts';

/** One stored plan, worked on in both directions: only the header of the run says which side is right. */

const RUN = 'run';
const PLAN: RunPlan = {
  tables: [
    {
      names: { source: 'orders', destination: 'orders_new' },
      plan: {
        tables: {
          source: { schema: 'old', table: 'orders' },
          destination: { schema: 'new', table: 'orders_new' },
        },
        columns: [
          {
            names: { source: 'id', destination: 'order_id' },
            types: { source: 'varchar(9)', destination: 'varchar(9)' },
            readAs: { kind: 'plain' },
            rules: [],
          },
          {
            names: { source: 'note', destination: 'remark' },
            types: { source: 'text', destination: 'text' },
            readAs: { kind: 'plain' },
            rules: [],
          },
        ],
        key: [{ column: 0, kind: 'text' }],
        indexes: { source: 'PRIMARY', destination: 'PRIMARY' },
        where: null,
      },
      refusal: null,
      shards: 1,
      estimatedRows: 3,
    },
  ],
};
const ROWS: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  old: [
    ['a', 'same'],
    ['b', 'only the source has it'],
    ['c', 'one'],
  ],
  new: [
    ['a', 'same'],
    ['c', 'another'],
    ['d', 'only the destination has it'],
  ],
};
const SPEC = runSpec.parse({
  ...{ version: 1, runId: RUN, source: 's', destination: 'd', direction: 'SRC' },
  tables: [{ name: 'orders' }],
  recheck: { delaysMs: [100, 200] },
});

async function eventsOf(direction: Direction, generation = 1): Promise<readonly InconsistentEvent[]> {
  const { end, events } = await work(ledgerOf({ direction, generation }));
  expect(end).toEqual({ kind: 'ended', outcome: 'differs' });
  return events;
}

async function work(ledger: ShardWorkDeps['ledger']) {
  const events: InconsistentEvent[] = [];
  const end = await workShard(
    { runId: RUN, shard: 0 },
    {
      ledger,
      readPlan: async () => new PlannedRun(SPEC, PLAN),
      openReaders: (_run, plan) => ({ pages: readersOf(plan), points: readersOf(plan) }),
      openSink: () => ({
        publish: async (placed: readonly PlacedEvent[]) =>
          void events.push(...placed.map(({ event }) => event)),
        flush: async () => {},
        close: async () => {},
      }),
      clock: new ManualClock(),
      holder: 'test',
      quarantine: new Quarantine(),
      convergence: new ConvergenceTimes(),
      waiting: new WaitingShards(),
    },
    new AbortController().signal,
  );
  return { end, events };
}

function readersOf({ tables }: TablePlan) {
  return mapSides(tables, ({ schema }) => new FakeRowReader(ROWS[schema] ?? []));
}

interface Claimed {
  readonly direction: Direction;
  readonly generation: number;
}

function ledgerOf(run: Claimed, intent: RunIntent = 'work'): ShardWorkDeps['ledger'] {
  const hold = { runId: RUN, shard: 0, attempt: 1, last: '1' };
  const range = { after: null, upTo: null };
  const claimed: ClaimResult = {
    ...{ kind: 'claimed', strikes: 1, hold, planName: 'p', ...run },
    shard: {
      ...{ shard: 0, table: 0, range, state: 'running', attempt: 1, holder: 'test', checkpoint: null },
      ...{ counts: zeroCounts(), outcome: null, failure: null },
      ...{ claimedAt: 1, committedAt: null, finishedAt: null },
    },
  };
  return {
    claim: async () => claimed,
    commit: async () => ({ kind: 'written', hold }),
    finish: async () => ({ kind: 'written' }),
    split: async () => ({ kind: 'written', hold }),
    release: async () => ({ kind: 'written' }),
    runIntents: async () => [intent],
    findKnown: async (_runId, _table, rowIds) => rowIds.map(() => undefined),
  };
}

const told = (events: readonly InconsistentEvent[]) =>
  events
    .map(({ Direction: way, Type, Table, Key, Columns }) =>
      [way, Type, Table, JSON.stringify(Key), ...(Columns ?? [])].join(' '),
    )
    .sort();

it('the same stored plan, with the other direction, is compared the other way round', async () => {
  expect(told(await eventsOf('SRC'))).toEqual([
    'SRC base_missing orders {"id":"d"}',
    'SRC neq orders {"id":"c"} note',
    'SRC target_missing orders {"id":"b"}',
  ]);
  expect(told(await eventsOf('DST'))).toEqual([
    'DST base_missing orders_new {"order_id":"b"}',
    'DST neq orders_new {"order_id":"c"} remark',
    'DST target_missing orders_new {"order_id":"d"}',
  ]);
});

it('the generation is in the event and in its id: a finding of a later run of a series is new', async () => {
  const [first, again, second] = [
    await eventsOf('SRC', 1),
    await eventsOf('SRC', 1),
    await eventsOf('SRC', 2),
  ];
  const ids = (events: readonly InconsistentEvent[]) => events.map(({ EventID }) => EventID);
  expect(ids(first)).toEqual(ids(again));
  expect(new Set([...ids(first), ...ids(second)]).size).toBe(6);
  expect(second.map(({ Generation }) => Generation)).toEqual([2n, 2n, 2n]);
});

it('a row that is confirmed when its run has ended is not told: its direction may hold no longer', async () => {
  const run = { direction: 'SRC', generation: 1 } as const;
  expect(await work(ledgerOf(run, 'stop'))).toEqual({ end: { kind: 'left' }, events: [] });
  // A paused run still takes what its holders have.
  expect((await work(ledgerOf(run, 'pause'))).events).toHaveLength(3);
});

it('a ledger that cannot be asked lets nothing through, and the shard is tried again later', async () => {
  const away = new Fault('transient', { code: 'CONNECTION_LOST', message: 'gone' }, { place: 'ledger' });
  const ledger = { ...ledgerOf({ direction: 'SRC', generation: 1 }), runIntents: () => Promise.reject(away) };
  await expect(work(ledger)).rejects.toBe(away);
});
