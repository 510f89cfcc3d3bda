/** What opens a pair of streams: it waits until both servers have room. */
import type { HostRead } from '../ports/hostBudget.ts';
import type { Side } from '../sides/sides.ts';

export interface StreamGate {
  /** False: both servers are one that allows a single statement. */
  readonly canPair: boolean;
  /** Waits. `rows`: wanted for each stream. */
  open(rows: number, signal: AbortSignal): Promise<StreamGrant>;
}

export interface StreamGrant {
  /** Rows that each stream may have. */
  readonly rows: number;
  take(side: Side, read: HostRead): void;
  release(): void;
  /** Called before the shard waits for something else: the streams must be closed. Answers how to stop that. */
  whenInTheWay(close: () => Promise<void>): () => void;
}
