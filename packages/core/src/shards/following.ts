/** What a run knows of rows from the run that it follows. */
import type { KnownDifference } from '@rowparity/contracts';

export interface Following {
  /** The followed run kept all of its differences, so what is not among them is new. */
  readonly isWhole: boolean;
  /** What this run has of the rows, in their order. */
  find(rowIds: readonly string[]): Promise<readonly (KnownDifference | undefined)[]>;
}
