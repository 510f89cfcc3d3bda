/** Plans: written once, in order, without gaps (law 2); then taken shard by shard. */
import { randomUUID } from 'node:crypto';
import type { PlannedShard, RunState } from '@rowparity/contracts';
import {
  type CompletePlanInput,
  continuesPlan,
  isSameRange,
  miscounted,
  notPlannable,
  notPlanning,
  otherRange,
  outOfOrder,
  type Planning,
  type PlanStore,
  type PlanWriteResult,
  takesWork,
  untiled,
} from '@rowparity/core';
import { inheritShard } from './inheritedShards.ts';
import { carryKnown } from './known.ts';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { END_PAUSE } from './pauses.ts';
import { encodeJson, encodeKey, storedRange } from './records.ts';
import { standingOf } from './runReads.ts';
import { RECORDS_OF_PLAN } from './schema.ts';
import { ALL_TABLES, addPlannedShard } from './totals.ts';

export function plansOf(store: LedgerStore): PlanStore {
  // In memory: the file is this process's alone, so no planning of another one can be under way.
  const plannings = new Map<string, string>();
  const isFenced = ({ runId, name }: Planning) => plannings.get(runId) !== name;
  return {
    async beginPlanning(runId) {
      store.atomically(() => beginPlanning(store, runId));
      const name = randomUUID();
      plannings.set(runId, name);
      return { runId, name };
    },
    async addShards(planning, shards) {
      const { runId } = planning;
      return store.atomically(() => {
        const state = stateOf(store, runId);
        if (state !== 'unknown' && isFenced(planning)) return { kind: 'fenced' };
        if (state !== 'planning') throw notPlanning(runId, state);
        for (const shard of shards) addShard(store, runId, shard);
        return { kind: 'written' };
      });
    },
    async inheritShards(planning, shards) {
      const { runId } = planning;
      return store.atomically(() => {
        const state = stateOf(store, runId);
        if (state !== 'unknown' && isFenced(planning)) return { kind: 'fenced' };
        if (state !== 'planning') throw notPlanning(runId, state);
        for (const shard of shards) inheritShard(store, runId, shard);
        return { kind: 'written' };
      });
    },
    async carryKnown(planning, rows) {
      const { runId } = planning;
      return store.atomically(() => {
        const state = stateOf(store, runId);
        if (state !== 'unknown' && isFenced(planning)) return { kind: 'fenced' };
        if (state !== 'planning') throw notPlanning(runId, state);
        for (const { table, ...row } of rows) carryKnown(store, { runId, tableIndex: table }, row);
        return { kind: 'written' };
      });
    },
    async completePlan(planning, plan) {
      if (isFenced(planning)) return { kind: 'fenced' };
      return store.atomically(() => completePlan(store, planning, plan));
    },
    async refusePlan(planning, failure, now) {
      if (isFenced(planning)) return { kind: 'fenced' };
      const refused = store.write(
        `UPDATE runs SET state = 'settled', verdict = 'inconclusive', failure = :failure, settledAt = :now,
           ${END_PAUSE}
         WHERE runId = :runId AND state = 'planning'`,
        { runId: planning.runId, failure: encodeJson(failure), now },
      );
      return { kind: refused === 1 ? 'written' : 'over' };
    },
    async openShards(runId, window) {
      return store.atomically(() => openShards(store, runId, window));
    },
  };
}

function runRow(store: LedgerStore, runId: string): Row | undefined {
  return store.first(
    'SELECT state, cancelRequested, pausedAt, shards, cursor FROM runs WHERE runId = :runId',
    {
      runId,
    },
  );
}

function stateOf(store: LedgerStore, runId: string): RunState | 'unknown' {
  return (runRow(store, runId)?.state ?? 'unknown') as RunState | 'unknown';
}

/** Drops what an unfinished planning wrote. */
function beginPlanning(store: LedgerStore, runId: string): void {
  const state = stateOf(store, runId);
  if (state !== 'accepted' && state !== 'planning') throw notPlannable(runId, state);
  for (const table of RECORDS_OF_PLAN) {
    store.write(`DELETE FROM ${table} WHERE runId = :runId`, { runId });
  }
  store.write(
    `UPDATE runs SET state = 'planning', tableCount = 0, shards = 0, cursor = 0, unstable = NULL, comparedFrom = NULL,
       comparedTo = NULL
     WHERE runId = :runId`,
    { runId },
  );
}

function shardRow(store: LedgerStore, runId: string, shard: number): Row | undefined {
  return store.first(
    'SELECT tableIndex, after, upTo, keys FROM shards WHERE runId = :runId AND shard = :shard',
    {
      runId,
      shard,
    },
  );
}

/** The plan only grows at its end. A shard that is there already changes nothing. */
function addShard(store: LedgerStore, runId: string, { shard, table, range, keys }: PlannedShard): void {
  const next = {
    ...{ table, after: encodeKey(range.after), upTo: encodeKey(range.upTo) },
    keys: keys ? JSON.stringify(keys) : null,
  };
  const known = shardRow(store, runId, shard);
  if (known) {
    if (isSameRange(storedRange(known), next)) return;
    throw otherRange(runId, shard);
  }
  const previous = shardRow(store, runId, shard - 1);
  if (shard > 0 && !previous) throw outOfOrder(runId, { expected: countShards(store, runId), found: shard });
  if (!continuesPlan(previous && storedRange(previous), next)) throw untiled(runId, shard);
  const { table: tableIndex, ...place } = next;
  const values = { runId, shard, tableIndex, ...place };
  store.write(
    `INSERT INTO shards (runId, shard, tableIndex, after, upTo, keys)
     VALUES (:runId, :shard, :tableIndex, :after, :upTo, :keys)`,
    values,
  );
  addPlannedShard(store, { runId, tableIndex: table });
}

function countShards(store: LedgerStore, runId: string): number {
  return Number(store.first('SELECT COUNT(*) AS count FROM shards WHERE runId = :runId', { runId })?.count);
}

/** A run that is not planning is left alone. */
function completePlan(
  store: LedgerStore,
  { runId, name }: Planning,
  { now, ...plan }: CompletePlanInput,
): PlanWriteResult {
  if (stateOf(store, runId) !== 'planning') return { kind: 'over' };
  const { tables } = plan;
  const written = new Map(
    store
      .all(`SELECT tableIndex, shards FROM totals WHERE runId = :runId AND tableIndex <> ${ALL_TABLES}`, {
        runId,
      })
      .map(({ tableIndex, shards }) => [Number(tableIndex), Number(shards)]),
  );
  const total = [...written.values()].reduce((sum, shards) => sum + shards, 0);
  const wrong = tables.findIndex(({ shards }, table) => shards !== (written.get(table) ?? 0));
  const said = tables.reduce((sum, { shards }) => sum + shards, 0);
  if (wrong >= 0 || said !== total) throw miscounted(runId, { expected: said, found: total });
  if (total > 0 && shardRow(store, runId, total - 1)?.upTo !== null) throw untiled(runId, total - 1);
  store.write(
    `UPDATE runs SET state = 'running', planName = :name, tableCount = :tableCount, shards = :total, plannedAt = :now
     WHERE runId = :runId`,
    { runId, name, tableCount: tables.length, total, now },
  );
  store.write('INSERT INTO plans (runId, name, plan) VALUES (:runId, :name, :plan)', {
    ...{ runId, name, plan: JSON.stringify(plan) },
  });
  return { kind: 'written' };
}

const OPEN_KEYS = `SELECT 1 FROM shards WHERE runId = :runId AND keys IS NOT NULL AND state <> 'done' LIMIT 1`;

function openShards(store: LedgerStore, runId: string, window: number): number[] {
  const run = runRow(store, runId);
  if (!run || !takesWork(standingOf(run))) return [];
  const open = store.first('SELECT COUNT(*) AS open FROM openShards WHERE runId = :runId', { runId });
  const room = Math.max(0, window - Number(open?.open));
  // No range before every shard that holds keys is done.
  const keysAreDone = !store.first(OPEN_KEYS, { runId });
  const taken = store
    .all(
      `SELECT shard FROM shards WHERE runId = :runId AND shard >= :cursor AND state <> 'done' AND (keys IS NOT NULL OR :all)
       ORDER BY shard LIMIT :room`,
      { runId, all: keysAreDone ? 1 : 0, cursor: Number(run?.cursor), room },
    )
    .map(({ shard }) => Number(shard));
  const last = taken.at(-1);
  if (last === undefined) return [];
  for (const shard of taken) {
    store.write('INSERT INTO openShards (runId, shard) VALUES (:runId, :shard)', { runId, shard });
  }
  store.write('UPDATE runs SET cursor = :cursor WHERE runId = :runId', { runId, cursor: last + 1 });
  return taken;
}
