/**
 * A model of holds on shards, in plain objects, and random histories on which ledger and model must agree: claims,
 * commits, finishes, splits and releases by live and by stale attempts. A crash is an attempt without further calls.
 */
import {
  addCounts,
  type Counts,
  type DifferenceGroup,
  type KeyTuple,
  type KnownTotals,
  type Outcome,
  type PlannedShard,
  runSpec,
  zeroCounts,
} from '@rowparity/contracts';
import fc from 'fast-check';
import { expect } from 'vitest';
import { NONE_PENDING } from '../../ledgering/tallies.ts';
import type {
  HeldWriteResult,
  Hold,
  KnownRows,
  Ledger,
  LiveTotals,
  Pending,
  WriteResult,
} from '../../ports/ledger.ts';
import { knownRow } from './known.ts';
import { tilingProblem } from './splits.ts';

/** Enough for two tables and for every pair of steps to meet on one shard. */
const SHARDS_BY_TABLE = [3, 2] as const;
const SHARDS = 5;
const STRIKES_MAX = 3;
/** Each history takes some 60 calls of the ledger; 40 of them stay within a few seconds on Redis. */
const HISTORIES = 40;
const STEPS_MAX = 60;
/** Known differences that a table keeps: few, so that histories go beyond. */
const KEEP = 4;

interface Step {
  readonly verb: 'claim' | 'commit' | 'finish' | 'split' | 'release' | 'pause' | 'resume';
  readonly shard: number;
  /** 0: the newest hold, 1: the one before, and so on: late writes of stale attempts, and writes sent twice. */
  readonly age: number;
  readonly rows: number;
  readonly outcome: Outcome;
}

const step: fc.Arbitrary<Step> = fc.record({
  verb: fc.constantFrom(
    'claim',
    'claim',
    'commit',
    'commit',
    'finish',
    'split',
    'release',
    'pause',
    'resume',
    'resume',
  ),
  shard: fc.nat(2 * SHARDS),
  age: fc.constantFrom(0, 0, 0, 1, 2),
  /** Of a split, also how many cuts it makes. */
  rows: fc.nat(1000),
  outcome: fc.constantFrom('match', 'differs', 'inconclusive'),
});

interface ModelShard {
  readonly table: number;
  after: string | null;
  upTo: string | null;
  state: 'planned' | 'running' | 'done';
  attempt: number;
  /** The oldest first. */
  readonly holds: Hold[];
  strikes: number;
  counts: Counts;
  checkpoint: number | null;
  outcome: Outcome | null;
  pending: Pending;
  /** Confirmed rows of its writes, and further ones that only count. */
  known: number;
  beyond: number;
  /** Rows of its writes in the one group that every write has. */
  grouped: number;
}

export async function interleavedHolds(ledger: Ledger): Promise<void> {
  let history = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: STEPS_MAX }), async (steps) => {
      const runId = `history-${history++}`;
      const model = await begin(ledger, runId);
      const run = { isPaused: false };
      for (const [time, next] of steps.entries()) await take(ledger, { runId, run, model, next, time });
      await compare(ledger, runId, model);
      expect(await tilingProblem(ledger, runId)).toBeUndefined();
      await ledger.resume(runId, 10 + STEPS_MAX);
      await drainShards(ledger, runId, model);
      await compare(ledger, runId, model);
      expect(await ledger.listOpenShards(runId)).toEqual([]);
    }),
    { numRuns: HISTORIES },
  );
}

async function begin(ledger: Ledger, runId: string): Promise<ModelShard[]> {
  const model = plan().map(({ table, range }) =>
    modelShard(table, { after: keyOf(range.after), upTo: keyOf(range.upTo) }),
  );
  const tables = [...SHARDS_BY_TABLE.entries()];
  const spec = {
    version: 1,
    runId,
    source: 'a',
    destination: 'b',
    direction: 'SRC',
    tables: [{ name: 't' }],
  };
  await ledger.createRun(runSpec.parse(spec), 1);
  const planning = await ledger.beginPlanning(runId);
  await ledger.addShards(planning, plan());
  await ledger.completePlan(planning, {
    tables: tables.map(([table, shards]) => ({
      names: { source: `t${table}`, destination: `t${table}` },
      plan: null,
      refusal: null,
      shards,
      estimatedRows: 0,
    })),
    now: 2,
  });
  await ledger.openShards(runId, SHARDS);
  return model;
}

function plan(): readonly PlannedShard[] {
  let shard = 0;
  return SHARDS_BY_TABLE.flatMap((count, table) =>
    Array.from({ length: count }, (_, cut) => {
      const after = cut === 0 ? null : [`${cut}`];
      return { shard: shard++, table, range: { after, upTo: cut === count - 1 ? null : [`${cut + 1}`] } };
    }),
  );
}

function keyOf(key: KeyTuple | null): string | null {
  return key?.[0] ?? null;
}

function modelShard(table: number, range: Pick<ModelShard, 'after' | 'upTo'>): ModelShard {
  const counts = zeroCounts();
  return {
    table,
    ...range,
    state: 'planned',
    attempt: 0,
    holds: [],
    strikes: 0,
    counts,
    checkpoint: null,
    outcome: null,
    pending: NONE_PENDING,
    known: 0,
    grouped: 0,
    beyond: 0,
  };
}

interface Taken {
  readonly runId: string;
  readonly run: { isPaused: boolean };
  readonly model: ModelShard[];
  readonly next: Step;
  readonly time: number;
}

async function take(ledger: Ledger, { runId, run, model, next, time }: Taken): Promise<void> {
  if (next.verb === 'pause' || next.verb === 'resume') {
    run.isPaused = next.verb === 'pause';
    expect(await ledger[next.verb](runId, 10 + time)).toBe(true);
    return;
  }
  const shard = model[next.shard];
  if (!shard) return;
  if (next.verb === 'claim') {
    const claim = { runId, shard: next.shard, holder: 'w', strikesMax: STRIKES_MAX, now: 10 + time };
    const claimed = await ledger.claim(claim);
    if (claimed.kind === 'claimed') shard.holds.push(claimed.hold);
    expect(claimed.kind).toBe(run.isPaused ? 'paused' : claimInModel(shard));
    return;
  }
  const hold = shard.holds.at(-1 - next.age);
  if (!hold) return;
  const isLive = shard.state === 'running' && next.age === 0;
  const written = await write(ledger, hold, next, time);
  expect(written.kind).toBe(isLive ? 'written' : 'fenced');
  if ('hold' in written && (next.verb === 'commit' || next.verb === 'split')) shard.holds.push(written.hold);
  if (isLive && next.verb === 'split') model.push(...splitInModel(shard, cutsOf(next, time)));
  else if (isLive) writeInModel(shard, next, time);
}

function write(ledger: Ledger, hold: Hold, next: Step, time: number): Promise<WriteResult | HeldWriteResult> {
  const progress = {
    checkpoint: hasCheckpoint(next) ? [`${time}`] : null,
    add: added(next),
    known: { keep: KEEP, ...knownOf(next, time) },
    groups: { groups: [groupOf(next)], beyond: 0 },
    ...(next.verb === 'commit' ? { pending: pendingOf(next) } : {}),
  };
  if (next.verb === 'release') return ledger.release(hold);
  if (next.verb === 'split')
    return ledger.split(
      hold,
      cutsOf(next, time).map((cut) => [cut]),
    );
  if (next.verb === 'commit') return ledger.commit(hold, progress, 10 + time);
  const failure =
    next.outcome === 'inconclusive' ? { code: 'CONNECTION_LOST' as const, message: 'gone' } : null;
  return ledger.finish(hold, { ...progress, outcome: next.outcome, failure }, 10 + time);
}

/** Keys that no other step makes. The ledger only compares them for equality. */
function cutsOf({ rows }: Step, time: number): string[] {
  return Array.from({ length: 1 + (rows % 3) }, (_, cut) => `${time}/${cut}`);
}

function splitInModel(shard: ModelShard, cuts: readonly string[]): ModelShard[] {
  const ends = [...cuts, shard.upTo];
  shard.upTo = cuts[0] as string;
  return cuts.map((after, cut) => modelShard(shard.table, { after, upTo: ends[cut + 1] ?? null }));
}

function added({ rows }: Step): Counts {
  return { ...zeroCounts(), rowsBase: rows, rowsTarget: rows + 1, neq: rows % 7 };
}

/** Rows that no other step finds. */
function knownOf({ shard, rows }: Step, time: number): Pick<KnownRows, 'rows' | 'beyond'> {
  const first = 1000 * (time + 1) + 10 * shard;
  const found = Array.from({ length: rows % 3 }, (_, i) => knownRow(first + i));
  return { rows: found, beyond: rows % 2 };
}

function groupOf({ rows }: Step): DifferenceGroup {
  return { type: 'base_missing', column: null, cause: null, rows, low: null, high: null, example: null };
}

/** Some writes move no checkpoint. */
function hasCheckpoint({ rows }: Step): boolean {
  return rows % 3 > 0;
}

function pendingOf({ rows }: Step): Pending {
  return rows % 4 === 0 ? NONE_PENDING : { rows: 10 * rows, candidates: rows };
}

function claimInModel(shard: ModelShard): string {
  if (shard.state === 'done') return 'done';
  if (shard.strikes === STRIKES_MAX) {
    shard.state = 'done';
    shard.outcome = 'inconclusive';
    shard.pending = NONE_PENDING;
    return 'exhausted';
  }
  shard.state = 'running';
  shard.pending = NONE_PENDING;
  shard.attempt++;
  shard.strikes++;
  return 'claimed';
}

function writeInModel(shard: ModelShard, next: Step, time: number): void {
  if (next.verb === 'release') {
    shard.state = 'planned';
    shard.pending = NONE_PENDING;
    shard.strikes = Math.max(0, shard.strikes - 1);
    return;
  }
  if (hasCheckpoint(next)) {
    shard.strikes = 0;
    shard.checkpoint = time;
  }
  shard.pending = next.verb === 'commit' ? pendingOf(next) : NONE_PENDING;
  shard.counts = addCounts(shard.counts, added(next));
  const { rows, beyond } = knownOf(next, time);
  shard.known += rows.length;
  shard.beyond += beyond;
  shard.grouped += next.rows;
  if (next.verb === 'finish') {
    shard.state = 'done';
    shard.outcome = next.outcome;
  }
}

/** Claims and finishes every shard that is left: no shard may be lost. */
async function drainShards(ledger: Ledger, runId: string, model: ModelShard[]): Promise<void> {
  const run = { isPaused: false };
  const end: Step = { verb: 'finish', shard: 0, age: 0, rows: 1, outcome: 'match' };
  await ledger.openShards(runId, model.length);
  for (const shard of await ledger.listOpenShards(runId)) {
    const claim: Step = { ...end, verb: 'claim', shard };
    await take(ledger, { runId, run, model, next: claim, time: STEPS_MAX });
    if (model[shard]?.state === 'running')
      await take(ledger, { runId, run, model, next: { ...end, shard }, time: STEPS_MAX });
  }
  expect(model.every(({ state }) => state === 'done')).toBe(true);
}

async function compare(ledger: Ledger, runId: string, model: readonly ModelShard[]): Promise<void> {
  expect(await ledger.totals(runId)).toEqual(SHARDS_BY_TABLE.map((_, table) => totalsInModel(model, table)));
  const known = SHARDS_BY_TABLE.map((_, table) => knownInModel(model, table));
  expect(await ledger.knownTotals(runId)).toEqual(known);
  const listed = await ledger.listKnown(runId, { limit: 1000 });
  expect(known.map((_, table) => listed.filter((row) => row.table === table).length)).toEqual(
    known.map(({ kept }) => kept),
  );
  const grouped = await ledger.differenceGroups(runId);
  expect(
    SHARDS_BY_TABLE.map(
      (_, i) =>
        grouped.find(({ table }) => table === i)?.groups.reduce((sum, { rows }) => sum + rows, 0) ?? 0,
    ),
  ).toEqual(
    SHARDS_BY_TABLE.map((_, i) =>
      model.filter(({ table }) => table === i).reduce((sum, shard) => sum + shard.grouped, 0),
    ),
  );
  const shards = await ledger.listShards(runId, 0, 10 * STEPS_MAX);
  expect(
    shards.map(({ range, state, attempt, counts, checkpoint, outcome }) => ({
      after: keyOf(range.after),
      upTo: keyOf(range.upTo),
      state,
      attempt,
      counts,
      checkpoint,
      outcome,
    })),
  ).toEqual(
    model.map(({ after, upTo, state, attempt, counts, checkpoint, outcome }) => ({
      after,
      upTo,
      state,
      attempt,
      counts,
      checkpoint: checkpoint === null ? null : [`${checkpoint}`],
      outcome,
    })),
  );
  const failed = model.filter(({ outcome }) => outcome === 'inconclusive').length;
  expect((await ledger.failures(runId, model.length)).total).toBe(failed);
}

function knownInModel(model: readonly ModelShard[], table: number): KnownTotals {
  const shards = model.filter((shard) => shard.table === table);
  const rows = shards.reduce((sum, { known }) => sum + known, 0);
  const kept = Math.min(KEEP, rows);
  return { kept, beyond: rows - kept + shards.reduce((sum, { beyond }) => sum + beyond, 0) };
}

function totalsInModel(model: readonly ModelShard[], table: number): LiveTotals {
  const shards = model.filter((shard) => shard.table === table);
  const count = (is: (shard: ModelShard) => boolean): number => shards.filter(is).length;
  return {
    pending: {
      rows: shards.reduce((sum, { pending }) => sum + pending.rows, 0),
      candidates: shards.reduce((sum, { pending }) => sum + pending.candidates, 0),
    },
    counts: shards.reduce((sum, { counts }) => addCounts(sum, counts), zeroCounts()),
    shards: {
      planned: count(({ state }) => state === 'planned'),
      running: count(({ state }) => state === 'running'),
      match: count(({ outcome }) => outcome === 'match'),
      differs: count(({ outcome }) => outcome === 'differs'),
      inconclusive: count(({ outcome }) => outcome === 'inconclusive'),
    },
  };
}
