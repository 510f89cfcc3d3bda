/** Waiting for the downstream to pass a mark. */
import type { Clock } from '@rowparity/contracts';
import type { Mark, MarkState, ReplicationPosition } from '../ports/replicationPosition.ts';
import type { Fenced } from './candidateQueue.ts';
import type { Evidence } from './evidence.ts';

export type MarkStates = ReadonlyMap<Mark, MarkState>;

export interface FenceDeps {
  readonly fence: ReplicationPosition | undefined;
  readonly clock: Pick<Clock, 'steadyNow'>;
  readonly signal: AbortSignal;
  /** The longest time that the spec allows to wait for the downstream. */
  readonly maxWaitMs: number;
}

export class FenceWaits {
  readonly #deps: FenceDeps;

  constructor(deps: FenceDeps) {
    this.#deps = deps;
  }

  /** Of the marks of these, by now. */
  async statesOf(marked: readonly { readonly evidence: Pick<Evidence, 'mark'> }[]): Promise<MarkStates> {
    const { fence, signal } = this.#deps;
    const states = new Map<Mark, MarkState>();
    if (!fence) return states;
    for (const mark of new Set(marked.map(({ evidence }) => evidence.mark))) {
      if (mark) states.set(mark, await fence.stateOf(mark, signal));
    }
    return states;
  }

  /** It waits for the downstream longer than the spec allows. */
  isTooLong(fenced: Fenced | undefined): boolean {
    return fenced !== undefined && this.#deps.clock.steadyNow() - fenced.sinceMs > this.#deps.maxWaitMs;
  }
}
