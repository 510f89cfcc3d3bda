/**
 * A fence between two servers of which one replicates from the other: a position taken upstream, and whether the
 * downstream has applied everything up to it. It only reads, and never waits: candidates wait in their queue.
 */
import { type Clock, Fault } from '@rowparity/contracts';
import type { RowReader } from '../ports/rowSource.ts';
import type { Side, Sides } from '../sides/sides.ts';
import { goesOn, hasPassed, type Positioned, upstreamOf } from './replication.ts';

/** A position of the downstream is good for so long: replicas that catch up do so in such steps. */
const FRESH_MS = 100;

/** Where the upstream stood. */
export type Mark = Positioned;

/** One side replicates from the other. */
export interface Replication {
  readonly upstream: Side;
  /** What the servers said of themselves when the run was planned. */
  readonly planned: Sides<Positioned>;
}

export interface FenceDeps extends Replication {
  readonly readers: Sides<Pick<RowReader, 'position'>>;
  readonly clock: Pick<Clock, 'steadyNow'>;
}

/** Undefined where no side replicates from the other, as far as the servers told. */
export function replicationOf(planned: Sides<Positioned> | undefined): Replication | undefined {
  const upstream = planned && upstreamOf(planned);
  return upstream && { upstream, planned };
}

export class Fence {
  readonly upstream: Side;
  readonly #downstream: Side;
  readonly #deps: FenceDeps;
  #read: { readonly position: Positioned; readonly atMs: number } | undefined;

  constructor(deps: FenceDeps) {
    this.#deps = deps;
    this.upstream = deps.upstream;
    this.#downstream = deps.upstream === 'base' ? 'target' : 'base';
  }

  /** Everything that was seen upstream before this call is at or before the mark, once it was seen twice. */
  async mark(signal: AbortSignal): Promise<Mark> {
    return this.#positionOf(this.upstream, signal);
  }

  /** Throws POSITION_LOST, as `mark` does. */
  async hasPassed(mark: Mark, signal: AbortSignal): Promise<boolean> {
    const { clock } = this.#deps;
    if (!this.#read || clock.steadyNow() - this.#read.atMs > FRESH_MS) {
      const position = await this.#positionOf(this.#downstream, signal);
      this.#read = { position, atMs: clock.steadyNow() };
    }
    const passed = hasPassed(mark, this.#read.position);
    if (passed === undefined)
      throw positionLost('the positions of the two servers show no common history any more');
    return passed;
  }

  async #positionOf(side: Side, signal: AbortSignal): Promise<Positioned> {
    const { readers, planned } = this.#deps;
    const position = await readers[side].position(signal);
    if (goesOn(planned[side], position)) return position;
    throw positionLost(`the ${side} is another server now, or its history began anew`);
  }
}

function positionLost(found: string): Fault {
  const message = `One server replicated from the other when the run was planned, and ${found}. Nothing tells whether rows are on their way. Look at replication and at proxies, then order a new run.`;
  return new Fault('permanent', { code: 'POSITION_LOST', message });
}
