/** Finding rows of one side by their update time, through an index of (time, key). */
import type { KeyTuple } from '@rowparity/contracts';

export interface ChangedKey {
  /** `YYYY-MM-DD hh:mm:ss[.ffffff]`, as the server has it. Times of one column compare as texts. */
  readonly time: string;
  readonly key: KeyTuple;
}

export interface ChangedKeysReader {
  /**
   * The first rows behind a place in the order of (time, key), from the plan's time on: fewer than `rows` only where no
   * more are there.
   */
  list(after: ChangedKey | null, rows: number, signal: AbortSignal): Promise<readonly ChangedKey[]>;
  /** Of these keys, those with an update time from the plan's on. */
  among(keys: readonly KeyTuple[], signal: AbortSignal): Promise<readonly ChangedKey[]>;
  /** Throws when something has changed how the server answers since the reader began. */
  close(): Promise<void>;
}
