/** What `npm run bench:growth` writes. */
import type { RunMeasured } from '../fleet/runOnce.ts';
import type { CheckMeasured } from '../shared/checkProcess.ts';
import type { About } from '../shared/result.ts';

export interface GrowthResult extends About {
  readonly sizes: readonly SizeMeasured[];
  /** The largest size. */
  readonly fleet: FleetMeasured;
}

export interface SizeMeasured {
  readonly rows: number;
  /** To read both sides and throw the rows away. */
  readonly limitSeconds: readonly number[];
  readonly checks: readonly CheckMeasured[];
}

export interface FleetMeasured extends RunMeasured {
  readonly redisMiB: number;
  readonly certificateBytes: number;
}
