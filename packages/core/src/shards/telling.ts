/** What is told and kept of a candidate that has ended. The rechecker finds how it ends; a teller says what follows. */
import type { InconsistencyType, InconsistentEvent, KeyTuple, SomeCounts } from '@rowparity/contracts';
import type { KnownRow, UnstableKey } from '../ports/ledger.ts';

/** A row that is still different. */
export interface DifferentRow {
  readonly type: InconsistencyType;
  /** As the base spells it, where it has the row. */
  readonly key: KeyTuple;
  /** Columns of the event; only with `neq`. */
  readonly columns: readonly string[] | undefined;
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

export const COUNT_OF = { target_missing: 'targetMissing', neq: 'neq', base_missing: 'baseMissing' } as const;
