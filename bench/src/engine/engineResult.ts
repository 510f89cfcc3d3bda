/** What `npm run bench` writes. */
import type { About } from '../shared/result.ts';
import type { Timing } from '../shared/timing.ts';

export interface EngineResult extends About {
  readonly rows: number;
  readonly narrowRows: number;
  readonly repeats: number;
  readonly equal: readonly { readonly table: string; readonly timings: readonly Timing[] }[];
  readonly pointReads: { readonly scaledSeconds: number; readonly sample: number };
  readonly differing: readonly DifferingMeasured[];
  readonly memory: readonly MemoryMeasured[];
  /** Or why it was not measured. */
  readonly slowLink: readonly SlowLink[] | string;
}

export interface DifferingMeasured {
  readonly name: string;
  /** Rows. */
  readonly changed: number;
  readonly seconds: readonly number[];
  /** Of the table without a difference, in turns with it. */
  readonly equalSeconds: readonly number[];
  readonly crcSeesIt: boolean;
}

export interface MemoryMeasured {
  readonly differing: string;
  readonly maxRssMiB: number;
  readonly cpuSeconds: number;
}

/** Median seconds of each contender at one rate. */
export interface SlowLink {
  readonly rateMbit: number;
  readonly seconds: Readonly<Record<string, number>>;
}
