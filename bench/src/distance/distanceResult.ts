/** What `npm run bench:distance` writes. */
import type { CheckMeasured } from '../shared/checkProcess.ts';
import type { About } from '../shared/result.ts';

export interface DistanceResult extends About {
  readonly roundTripMs: number;
  readonly tables: number;
  /** Many small tables, beside the servers and far away. */
  readonly many: { readonly near: Measured; readonly far: Measured };
  /** One table, by more and more streams over connections that are slow each. */
  readonly streams: readonly Measured[];
}

export interface Measured {
  readonly name: string;
  readonly checks: readonly CheckMeasured[];
  /** Statements and prepares that the source counted, in all rounds together. */
  readonly questions: number;
}
