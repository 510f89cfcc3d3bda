/** Watches: series of runs over one spec. Each generation begins once. */
import type { WatchRecord, WatchSpec } from '@rowparity/contracts';

export interface PutWatchInput {
  readonly watchId: string;
  readonly spec: WatchSpec;
  readonly now: number;
  /** Most watches that there may be. */
  readonly max: number;
  /** Watches that were stopped before are forgotten. */
  readonly forgetBefore: number;
}

export type PutWatchResult =
  /** It did not exist. */
  | { readonly kind: 'created' }
  /** It exists with the same spec, and is active now. */
  | { readonly kind: 'same' }
  /** It exists with another spec: nothing was written. */
  | { readonly kind: 'different' }
  | { readonly kind: 'full' };

export interface GenerationInput {
  readonly watchId: string;
  /** One more than the last. */
  readonly generation: number;
  readonly follows: string | null;
  readonly now: number;
}

export interface WatchStore {
  /** A watch that was stopped goes on with its next generation. */
  putWatch(input: PutWatchInput): Promise<PutWatchResult>;
  getWatch(watchId: string): Promise<WatchRecord | undefined>;
  /** By their ids. */
  listWatches(): Promise<readonly WatchRecord[]>;
  /** False: there is none. Stopped twice, the first time counts. */
  stopWatch(watchId: string, now: number): Promise<boolean>;
  /**
   * Records that this generation began: its run is there. False when it is not the one behind the last, so each begins
   * once. A watch that was stopped meanwhile has it recorded all the same.
   */
  beginGeneration(input: GenerationInput): Promise<boolean>;
}
