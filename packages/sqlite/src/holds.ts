/**
 * Holding shards: claim, commit, finish, split, release. Each is one transaction: it checks the attempt, writes the
 * state and adds to the totals together (law 4).
 */
import {
  addCounts,
  counts as countsSchema,
  direction,
  UNSTABLE_NAMED_MAX,
  type UnstableRow,
} from '@rowparity/contracts';
import {
  type ClaimInput,
  type ClaimResult,
  exhaustedFailure,
  expectFinish,
  type FinishInput,
  type HeldWriteResult,
  type Hold,
  NONE_PENDING,
  type Pending,
  type Progress,
  type ShardHolds,
  takesWork,
  takesWrites,
} from '@rowparity/core';
import { addGroups } from './differenceGroups.ts';
import { keepKnown } from './known.ts';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { decodeCounts, decodeShard, encodeKey, jsonOrNull } from './records.ts';
import { standingOf } from './runReads.ts';
import { expectExactSplit, splitShard } from './splits.ts';
import { addToTotals, type TotalsPlace, tally } from './totals.ts';

export function holdsOf(store: LedgerStore): ShardHolds {
  return {
    async claim(input) {
      return store.atomically(() => claim(store, input));
    },
    async commit(hold, progress, now) {
      return held(store, hold, (shard) => writeProgress(store, { hold, shard, progress, now }));
    },
    async finish(hold, end, now) {
      expectFinish(hold, end);
      return held(store, hold, (shard) => {
        writeProgress(store, { hold, shard, progress: end, now });
        endShard(store, { ...hold, shardRow: shard, end, now });
      });
    },
    async split(hold, cuts) {
      return held(store, hold, (row) => {
        splitShard(store, { hold, row, cuts: expectExactSplit(hold, row, cuts) });
      });
    },
    async release(hold) {
      return held(store, hold, (shard) => {
        store.write(
          `UPDATE shards SET state = 'planned', holder = NULL, strikes = MAX(0, strikes - 1)
           WHERE runId = :runId AND shard = :shard`,
          { runId: hold.runId, shard: hold.shard },
        );
        setPending(store, { ...hold, shardRow: shard, pending: NONE_PENDING });
        tally(store, totalsOf(hold.runId, shard), { running: -1 });
      });
    },
  };
}

function runRow(store: LedgerStore, runId: string): Row | undefined {
  return store.first(
    'SELECT state, cancelRequested, pausedAt, planName, direction, generation FROM runs WHERE runId = :runId',
    { runId },
  );
}

interface ShardPlace {
  readonly runId: string;
  readonly shard: number;
}

function shardRow(store: LedgerStore, { runId, shard }: ShardPlace): Row | undefined {
  return store.first('SELECT * FROM shards WHERE runId = :runId AND shard = :shard', { runId, shard });
}

function claim(store: LedgerStore, input: ClaimInput): ClaimResult {
  const run = runRow(store, input.runId);
  if (!run) return { kind: 'unknown' };
  const standing = standingOf(run);
  if (!takesWrites(standing)) return { kind: 'over' };
  if (input.generation !== undefined && input.generation !== run.generation) return { kind: 'over' };
  if (!takesWork(standing)) return { kind: 'paused' };
  const shard = shardRow(store, input);
  if (!shard) return { kind: 'unknown' };
  if (shard.state === 'done') return { kind: 'done' };
  if (Number(shard.strikes) >= input.strikesMax) return exhaust(store, input, shard);
  const { runId, holder, now } = input;
  store.write(
    `UPDATE shards SET state = 'running', attempt = attempt + 1, strikes = strikes + 1, writes = writes + 1,
       holder = :holder, claimedAt = CASE WHEN checkpoint IS NULL THEN :now ELSE claimedAt END
     WHERE runId = :runId AND shard = :shard`,
    { runId, shard: input.shard, holder, now },
  );
  store.write('UPDATE runs SET comparedFrom = MIN(COALESCE(comparedFrom, :now), :now) WHERE runId = :runId', {
    ...{ runId, now },
  });
  setPending(store, { runId, shard: input.shard, shardRow: shard, pending: NONE_PENDING });
  if (shard.state !== 'running') tally(store, totalsOf(runId, shard), { running: 1 });
  const claimed = shardRow(store, input) as Row;
  const hold = { runId, shard: input.shard, attempt: Number(claimed.attempt), last: String(claimed.writes) };
  return {
    ...{ kind: 'claimed', shard: decodeShard(claimed), strikes: Number(claimed.strikes), hold },
    ...{ planName: String(run.planName), direction: direction.parse(run.direction) },
    generation: Number(run.generation),
  };
}

function exhaust(store: LedgerStore, input: ClaimInput, shard: Row): ClaimResult {
  const end = { outcome: 'inconclusive', failure: exhaustedFailure(input.shard, input.strikesMax) } as const;
  setPending(store, { runId: input.runId, shard: input.shard, shardRow: shard, pending: NONE_PENDING });
  endShard(store, { runId: input.runId, shard: input.shard, shardRow: shard, end, now: input.now });
  return { kind: 'exhausted' };
}

/** Does the work when this attempt still holds the shard, and its last write is the shard's last. */
function held(store: LedgerStore, hold: Hold, work: (shard: Row) => void): HeldWriteResult {
  return store.atomically(() => {
    const run = runRow(store, hold.runId);
    if (!run || !takesWrites(standingOf(run))) return { kind: 'over' };
    const shard = shardRow(store, hold);
    const isHeld = shard?.state === 'running' && shard.attempt === hold.attempt;
    if (!isHeld || String(shard.writes) !== hold.last) return { kind: 'fenced' };
    work(shard);
    store.write('UPDATE shards SET writes = writes + 1 WHERE runId = :runId AND shard = :shard', {
      ...{ runId: hold.runId, shard: hold.shard },
    });
    return { kind: 'written', hold: { ...hold, last: String(Number(shard.writes) + 1) } };
  });
}

interface ProgressWrite {
  readonly hold: Hold;
  readonly shard: Row;
  readonly progress: Progress;
  readonly now: number;
}

function writeProgress(store: LedgerStore, { hold, shard, progress, now }: ProgressWrite): void {
  const add = countsSchema.parse(progress.add);
  const { runId } = hold;
  const counts = JSON.stringify(addCounts(decodeCounts(shard.counts), add));
  store.write(
    `UPDATE shards SET checkpoint = COALESCE(:checkpoint, checkpoint), counts = :counts,
       strikes = CASE WHEN :checkpoint IS NULL THEN strikes ELSE 0 END, committedAt = :now
     WHERE runId = :runId AND shard = :shard`,
    { runId, shard: hold.shard, checkpoint: encodeKey(progress.checkpoint), counts, now },
  );
  const tableIndex = Number(shard.tableIndex);
  addToTotals(store, { runId, tableIndex }, add);
  setPending(store, { ...hold, shardRow: shard, pending: progress.pending ?? NONE_PENDING });
  store.write('UPDATE runs SET comparedTo = MAX(COALESCE(comparedTo, :now), :now) WHERE runId = :runId', {
    ...{ runId, now },
  });
  const rows = (progress.unstable ?? []).map((row) => ({ shard: hold.shard, table: tableIndex, ...row }));
  if (rows.length > 0) nameUnstable(store, runId, rows);
  if (progress.known) keepKnown(store, { runId, tableIndex }, progress.known);
  if (progress.groups) addGroups(store, { runId, tableIndex }, progress.groups);
}

interface PendingWrite {
  readonly runId: string;
  readonly shard: number;
  /** As it was before. */
  readonly shardRow: Row;
  readonly pending: Pending;
}

function setPending(store: LedgerStore, { runId, shard, shardRow: row, pending }: PendingWrite): void {
  const { rows, candidates } = pending;
  const change = {
    pendingRows: rows - Number(row.pendingRows),
    pendingCandidates: candidates - Number(row.pendingCandidates),
  };
  if (change.pendingRows === 0 && change.pendingCandidates === 0) return;
  store.write(
    `UPDATE shards SET pendingRows = :rows, pendingCandidates = :candidates
     WHERE runId = :runId AND shard = :shard`,
    { runId, shard, rows, candidates },
  );
  tally(store, totalsOf(runId, row), change);
}

function nameUnstable(store: LedgerStore, runId: string, rows: readonly UnstableRow[]): void {
  const known = store.first('SELECT unstable FROM runs WHERE runId = :runId', { runId })?.unstable;
  const all = [...((jsonOrNull(known) ?? []) as readonly UnstableRow[]), ...rows];
  const unstable = JSON.stringify(all.slice(0, UNSTABLE_NAMED_MAX));
  store.write('UPDATE runs SET unstable = :unstable WHERE runId = :runId', { runId, unstable });
}

interface EndWrite {
  readonly runId: string;
  readonly shard: number;
  readonly shardRow: Row;
  readonly end: Pick<FinishInput, 'outcome' | 'failure'>;
  readonly now: number;
}

function endShard(store: LedgerStore, { runId, shard, shardRow: row, end, now }: EndWrite): void {
  const failure = end.failure && JSON.stringify(end.failure);
  store.write(
    `UPDATE shards SET state = 'done', outcome = :outcome, failure = :failure, finishedAt = :now
     WHERE runId = :runId AND shard = :shard`,
    { runId, shard, outcome: end.outcome, failure, now },
  );
  tally(store, totalsOf(runId, row), { running: row.state === 'running' ? -1 : 0, [end.outcome]: 1 });
  store.write('DELETE FROM openShards WHERE runId = :runId AND shard = :shard', { runId, shard });
  if (failure === null) return;
  const tableIndex = Number(row.tableIndex);
  store.write(
    'INSERT INTO failures (runId, shard, tableIndex, failure) VALUES (:runId, :shard, :tableIndex, :failure)',
    { runId, shard, tableIndex, failure },
  );
}

function totalsOf(runId: string, { tableIndex }: Row): TotalsPlace {
  return { runId, tableIndex: Number(tableIndex) };
}
