/**
 * How far the downstream is behind the upstream, without waiting: a mark taken upstream, and whether the downstream has
 * passed it. Upstream and downstream are independent of base and target. It only reads.
 */
import type { Side } from '../sides/sides.ts';
import type { ServerPosition } from './rowSource.ts';

/** Where the upstream stood. */
export type Mark =
  | { readonly kind: 'position'; readonly position: ServerPosition }
  | { readonly kind: 'value'; readonly value: string };

export type MarkState =
  /** The downstream shows everything that the upstream showed before the mark was taken. */
  | 'passed'
  /** It does not yet. */
  | 'behind'
  /** It does not, and the upstream shows nothing newer than the mark itself: nothing can tell. */
  | 'silent';

export interface ReplicationPosition {
  readonly upstream: Side;
  /**
   * Everything that was seen upstream twice before this call is behind the mark. Throws POSITION_LOST when a side is
   * another server than at planning time, or its history does not go on.
   */
  mark(signal: AbortSignal): Promise<Mark>;
  /** By a reading of the downstream that may be FRESH_MS old. Throws POSITION_LOST, as `mark` does. */
  stateOf(mark: Mark, signal: AbortSignal): Promise<MarkState>;
}
