/** Writes the shards of a plan, table by table, and remembers the tables. */
import type { KeyRange, PlannedShard, TableRecord } from '@rowparity/contracts';
import type { Planning, PlanStore, PlanWriteResult } from '../ports/ledger.ts';
import { type BaseRun, carryKnownOf, type RerunReadings } from './rerun/planRerun.ts';

/** Shards that one call writes to the ledger. */
const SHARDS_A_WRITE = 1000;

type NewTable = Omit<TableRecord, 'shards' | 'follows'>;

const WRITTEN = { kind: 'written' } as const;

export class PlanWriter {
  readonly tables: TableRecord[] = [];
  protected readonly planning: Planning;
  readonly #ledger: PlanStore;
  #shards = 0;

  constructor(planning: Planning, ledger: PlanStore) {
    this.planning = planning;
    this.#ledger = ledger;
  }

  async add(table: NewTable, ranges: readonly KeyRange[]): Promise<PlanWriteResult> {
    const written = await this.write(this.tables.length, ranges);
    this.tables.push({ ...table, shards: ranges.length });
    return written;
  }

  async end(): Promise<PlanWriteResult> {
    return WRITTEN;
  }

  /** The shards written by others come before. */
  protected skip(shards: number): void {
    this.#shards += shards;
  }

  protected async write(table: number, ranges: readonly KeyRange[]): Promise<PlanWriteResult> {
    const shards = ranges.map((range, i): PlannedShard => ({ shard: this.#shards + i, table, range }));
    this.#shards += shards.length;
    for (let offset = 0; offset < shards.length; offset += SHARDS_A_WRITE) {
      const written = await this.#ledger.addShards(
        this.planning,
        shards.slice(offset, offset + SHARDS_A_WRITE),
      );
      if (written.kind !== 'written') return written;
    }
    return WRITTEN;
  }
}

export interface FollowingDeps {
  readonly ledger: PlanStore & RerunReadings;
  readonly signal: AbortSignal;
}

/**
 * Of a run that follows another one: shards with the keys of known differences come first, so the ranges are held until
 * all tables are known.
 */
export class FollowingPlanWriter extends PlanWriter {
  readonly #base: BaseRun;
  readonly #deps: FollowingDeps;
  readonly #held: (readonly KeyRange[])[] = [];

  constructor(planning: Planning, base: BaseRun, deps: FollowingDeps) {
    super(planning, deps.ledger);
    this.#base = base;
    this.#deps = deps;
  }

  override async add(table: NewTable, ranges: readonly KeyRange[]): Promise<PlanWriteResult> {
    this.#held.push(ranges);
    this.tables.push({ ...table, shards: ranges.length });
    return WRITTEN;
  }

  override async end(): Promise<PlanWriteResult> {
    const { signal } = this.#deps;
    const before = this.#base.plan.tables;
    const placeOf = ({ names }: Pick<TableRecord, 'names'>) =>
      JSON.stringify([names.source, names.destination]);
    const now = new Map(this.tables.map((table, i) => [placeOf(table), i]));
    const carried = await carryKnownOf(
      {
        ...{ base: this.#base, planning: this.planning },
        tableOf: (from) => {
          const old = before[from];
          const table = old && now.get(placeOf(old));
          if (table === undefined) return undefined;
          return { table, plan: this.tables[table]?.plan ?? null };
        },
      },
      this.#deps,
    );
    if (carried.kind !== 'written') return carried;
    this.skip(carried.shards);
    const then = new Map(before.map((table, i) => [placeOf(table), i]));
    for (const [i, table] of this.tables.entries()) {
      signal.throwIfAborted();
      const ranges = this.#held[i] ?? [];
      const written = await this.write(i, ranges);
      if (written.kind !== 'written') return written;
      const follows = carried.follows(i, then.get(placeOf(table)));
      this.tables[i] = { ...table, shards: ranges.length + follows.keyShards, follows };
    }
    return WRITTEN;
  }
}
