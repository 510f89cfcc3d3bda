/**
 * Takes over the known differences of a settled run, and cuts them into shards that hold keys. What is resolved stays
 * behind. Rows that cannot be read by their key here are carried, and no shard reads them: nothing is told of them.
 */
import {
  isRecheck,
  type KeyTuple,
  type KnownDifference,
  type KnownPlace,
  type PlannedShard,
  SHARD_KEYS_MAX,
  type TableRecord,
} from '@rowparity/contracts';
import { keySpaceOf } from '../../ledgering/keySpace.ts';
import { NONE_KNOWN } from '../../ledgering/tallies.ts';
import type { Planning, PlanStore, PlanWriteResult } from '../../ports/ledger.ts';
import type { BaseRun, RerunReadings } from './baseRun.ts';

const ROWS_A_READ = 1000;
const SHARDS_A_WRITE = 1000;
/** Characters of the keys of one shard: its entry of the plan stays small with any key. */
const SHARD_KEY_CHARS_MAX = 100_000;

/** Where a table pair of the followed run stands in the new plan. */
export interface FollowedTable {
  readonly table: number;
  readonly plan: PlacedPlan;
}

export interface CarryInput {
  readonly base: BaseRun;
  readonly planning: Planning;
  /** Of a table pair of the followed run; undefined: the new run has no such pair. */
  tableOf(index: number): FollowedTable | undefined;
}

export interface CarryDeps {
  readonly ledger: PlanStore & RerunReadings;
  readonly signal: AbortSignal;
}

export type Carried =
  | Exclude<PlanWriteResult, { kind: 'written' }>
  | {
      readonly kind: 'written';
      /** Shards that were written: the first ones of the plan. */
      readonly shards: number;
      /** Of a table pair of the new plan, which was this one in the followed run. */
      follows(table: number, from: number | undefined): NonNullable<TableRecord['follows']>;
    };

export async function carryKnownOf(input: CarryInput, { ledger, signal }: CarryDeps): Promise<Carried> {
  const { base, planning, tableOf } = input;
  const { runId } = base.header;
  const isWhole = await wholeTables(base, ledger);
  const keys = new Map<number, KeyTuple[]>();
  for await (const rows of knownPages(runId, ledger)) {
    signal.throwIfAborted();
    const carried = rows.flatMap((row) => {
      const place = row.state === 'resolved' ? undefined : tableOf(row.table);
      if (!place) return [];
      if (canBeRead(row, place.plan)) addTo(keys, place.table, row.key);
      return [{ ...row, table: place.table, state: 'open' as const }];
    });
    const written = await ledger.carryKnown(planning, carried);
    if (written.kind !== 'written') return written;
  }
  const shards = keyShards(keys);
  for (let first = 0; first < shards.length; first += SHARDS_A_WRITE) {
    signal.throwIfAborted();
    const written = await ledger.addShards(planning, shards.slice(first, first + SHARDS_A_WRITE));
    if (written.kind !== 'written') return written;
  }
  return { kind: 'written', shards: shards.length, follows: followsFrom(shards, isWhole) };
}

function addTo(keys: Map<number, KeyTuple[]>, table: number, key: KeyTuple): void {
  const known = keys.get(table);
  if (known) known.push(key);
  else keys.set(table, [key]);
}

async function* knownPages(
  runId: string,
  ledger: Pick<RerunReadings, 'listKnown'>,
): AsyncGenerator<readonly KnownDifference[], void, void> {
  let after: KnownPlace | undefined;
  for (;;) {
    const rows = await ledger.listKnown(runId, { limit: ROWS_A_READ, after });
    if (rows.length > 0) yield rows;
    if (rows.length < ROWS_A_READ) return;
    after = rows.at(-1);
  }
}

/** In the order of the tables. */
function keyShards(keys: ReadonlyMap<number, readonly KeyTuple[]>): PlannedShard[] {
  const byTable = [...keys].sort(([a], [b]) => a - b);
  return byTable
    .flatMap(([table, all]) => chunksOf(all).map((chunk) => ({ table, keys: chunk })))
    .map((part, shard) => ({ shard, ...part, range: { after: null, upTo: null } }));
}

function chunksOf(keys: readonly KeyTuple[]): KeyTuple[][] {
  const chunks: KeyTuple[][] = [];
  let chars = 0;
  for (const key of keys) {
    const length = key.reduce((sum, text) => sum + text.length, 0);
    const last = chunks.at(-1);
    if (last && last.length < SHARD_KEYS_MAX && chars + length <= SHARD_KEY_CHARS_MAX) {
      last.push(key);
      chars += length;
    } else {
      chunks.push([key]);
      chars = length;
    }
  }
  return chunks;
}

function followsFrom(shards: readonly PlannedShard[], isWhole: readonly boolean[]) {
  const counted = Map.groupBy(shards, ({ table }) => table);
  return (table: number, from: number | undefined) => ({
    keyShards: counted.get(table)?.length ?? 0,
    isWhole: from === undefined || (isWhole[from] ?? true),
  });
}

/**
 * Of each table pair of the run, whether it knows all that it and the runs before it confirmed. Only a run that
 * compared the whole table knows what an earlier one could not keep.
 */
async function wholeTables({ header, spec, plan }: BaseRun, ledger: RerunReadings): Promise<boolean[]> {
  const [known, totals] = await Promise.all([ledger.knownTotals(header.runId), ledger.totals(header.runId)]);
  return plan.tables.map(({ follows }, i) => {
    if ((known[i] ?? NONE_KNOWN).beyond > 0) return false;
    if (follows?.isWhole !== false) return true;
    const shards = totals[i]?.shards;
    const open = shards ? shards.planned + shards.running + shards.inconclusive : 1;
    return !isRecheck(spec) && spec.changedSince === undefined && open === 0;
  });
}

type PlacedPlan = TableRecord['plan'];

/**
 * By a point read with the new plan: the key names the same row, among the same rows, and what differed is compared.
 */
function canBeRead({ keySpace, columns }: KnownDifference, plan: PlacedPlan): boolean {
  if (plan === null || plan.multiset || keySpaceOf(plan) !== keySpace) return false;
  const compared = new Set(plan.columns.flatMap(({ names }) => [names.source, names.destination]));
  return columns.every((name) => compared.has(name));
}
