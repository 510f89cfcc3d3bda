/** What is told and kept of a candidate that has ended. The rechecker finds how it ends; a teller says what follows. */
import {
  type DifferenceCause,
  type InconsistencyType,
  type InconsistentEvent,
  type KeyTuple,
  KNOWN_COLUMNS_MAX,
  type SomeCounts,
} from '@rowparity/contracts';
import type { KnownRow, UnstableKey } from '../ports/ledger.ts';

/** A row that is still different. */
export interface DifferentRow {
  readonly type: InconsistencyType;
  /** As the base spells it, where it has the row. */
  readonly key: KeyTuple;
  /** Columns of the event; only with `neq`. */
  readonly columns: readonly string[] | undefined;
  /** Why columns differ, as far as their values told; by their names. */
  readonly causes?: ReadonlyMap<string, DifferenceCause>;
  /** Since it was seen first, in milliseconds. */
  readonly ageMs: number;
}

export type EndedRow =
  | { readonly end: 'confirmed' | 'unstable'; readonly candidate: KeyTuple; readonly row: DifferentRow }
  /** `isAbsent`: no side has a row. */
  | {
      readonly end: 'equal';
      readonly candidate: KeyTuple;
      readonly isAbsent: boolean;
      readonly lag: SomeCounts;
    }
  /** One side moved to what the other had at an earlier look: no look saw both equal. */
  | { readonly end: 'follows'; readonly candidate: KeyTuple; readonly lag: SomeCounts }
  /** The base has the row under another spelling of its key. */
  | { readonly end: 'duplicate'; readonly candidate: KeyTuple };

export interface Telling {
  readonly event?: InconsistentEvent | undefined;
  readonly add: SomeCounts;
  readonly known?: KnownRow | undefined;
  /** For people; `add` counts it. */
  readonly unstable?: UnstableKey | undefined;
}

export interface Teller {
  /** Of each row, in order. */
  tell(rows: readonly EndedRow[]): Promise<readonly Telling[]>;
}

/** What is kept of the columns of a row: the first ones, each with its cause where all are told. */
export function keptColumns({ columns = [], causes }: DifferentRow): Pick<KnownRow, 'columns' | 'causes'> {
  const kept = columns.slice(0, KNOWN_COLUMNS_MAX);
  const told = kept.flatMap((name) => causes?.get(name) ?? []);
  return told.length > 0 && told.length === kept.length ? { columns: kept, causes: told } : { columns: kept };
}

export const COUNT_OF = { target_missing: 'targetMissing', neq: 'neq', base_missing: 'baseMissing' } as const;
