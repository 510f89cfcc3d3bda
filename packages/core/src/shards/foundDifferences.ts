/** Tells what a pass over a range finds: an event for each row that stays different, and what is kept of it. */
import { type KnownDifference, type SomeCounts, UNSTABLE_COLUMNS_MAX } from '@rowparity/contracts';
import type { KnownRow } from '../ports/ledger.ts';
import { type EventInput, eventOf } from './eventOf.ts';
import type { Following } from './following.ts';
import { rowIdOf } from './rowId.ts';
import {
  COUNT_OF,
  type DifferentRow,
  type EndedRow,
  keptColumns,
  type Teller,
  type Telling,
} from './telling.ts';

export interface FoundDeps {
  readonly context: EventInput;
  readonly clock: { now(): number };
  /** Absent: nothing was known before the run, so every difference is new. */
  readonly following?: Following | undefined;
}

export class FoundDifferences implements Teller {
  readonly #deps: FoundDeps;

  constructor(deps: FoundDeps) {
    this.#deps = deps;
  }

  async tell(rows: readonly EndedRow[]): Promise<readonly Telling[]> {
    const before = await this.#knownBefore(rows);
    const now = this.#deps.clock.now();
    return rows.map((ended) => this.#tell(ended, before, now));
  }

  /** By row id. */
  async #knownBefore(rows: readonly EndedRow[]): Promise<ReadonlyMap<string, KnownDifference>> {
    const { following, context } = this.#deps;
    const confirmed = rows.flatMap((ended) => (ended.end === 'confirmed' ? [ended.row.key] : []));
    if (!following || confirmed.length === 0) return new Map();
    const found = await following.find(confirmed.map((key) => rowIdOf(context.rows, key)));
    return new Map(found.flatMap((row) => (row ? [[row.rowId, row]] : [])));
  }

  #tell(ended: EndedRow, before: ReadonlyMap<string, KnownDifference>, now: number): Telling {
    switch (ended.end) {
      case 'duplicate':
        return { add: {} };
      case 'equal':
      case 'follows':
        return { add: { candidates: 1, converged: 1, ...ended.lag } };
      case 'unstable':
        return this.#unstable(ended.row, now);
      case 'confirmed': {
        const rowId = rowIdOf(this.#deps.context.rows, ended.row.key);
        return this.#confirmed({ ...ended.row, rowId }, before.get(rowId), now);
      }
    }
  }

  #unstable(row: DifferentRow, now: number): Telling {
    const { type, key, columns = [], ageMs } = row;
    return {
      event: eventOf(this.#deps.context, { ...row, state: undefined, isStable: false, detectedAtMs: now }),
      add: { candidates: 1, unstable: 1 },
      unstable: { key, type, columns: columns.slice(0, UNSTABLE_COLUMNS_MAX), ageMs },
    };
  }

  #confirmed(row: NamedRow, before: KnownDifference | undefined, now: number): Telling {
    const { context, following } = this.#deps;
    const add: SomeCounts = { candidates: 1, [COUNT_OF[row.type]]: 1 };
    // By the shard with its key, or by an attempt before this one: its event is acknowledged.
    if (before && TOLD.has(before.state)) return { add };
    const state = stateOf(following, before);
    const since =
      before?.state === 'open'
        ? { firstSeen: before.firstSeen, generations: before.generations + 1 }
        : { firstSeen: now, generations: 1 };
    return {
      event: eventOf(context, {
        ...{ ...row, isStable: true, detectedAtMs: now },
        state: state === 'found' ? undefined : state,
      }),
      add: { ...add, ...(following && state !== 'found' ? { [COUNT_OF_STATE[state]]: 1 } : {}) },
      known: knownRow(context, row, { ...since, state, lastSeen: now }),
    };
  }
}

const TOLD: ReadonlySet<KnownDifference['state']> = new Set(['new', 'still', 'found']);
const COUNT_OF_STATE = { new: 'knownNew', still: 'knownStill' } as const;

/** A row that compared equal in this run and is different again is a new difference. */
function stateOf(
  following: Following | undefined,
  before: KnownDifference | undefined,
): 'new' | 'still' | 'found' {
  if (!following) return 'new';
  if (before) return before.state === 'open' ? 'still' : 'new';
  return following.isWhole ? 'new' : 'found';
}

type KnownSince = Pick<KnownDifference, 'state' | 'firstSeen' | 'lastSeen' | 'generations'>;

interface NamedRow extends DifferentRow {
  readonly rowId: string;
}

function knownRow({ rows }: EventInput, row: NamedRow, since: KnownSince): KnownRow {
  const { type, key, rowId } = row;
  return {
    ...{ rowId, key, keySpace: rows.keySpace, type },
    ...keptColumns(row),
    ...since,
  };
}
