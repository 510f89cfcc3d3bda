/**
 * A fence between two servers of which one replicates from the other by GTID: MySQL's set of transactions, or MariaDB's
 * last transaction of each domain.
 */
import { type Clock, Fault } from '@rowparity/contracts';
import type { Mark, MarkState, ReplicationPosition } from '../ports/replicationPosition.ts';
import type { RowReader } from '../ports/rowSource.ts';
import { otherSide, type Side, type Sides } from '../sides/sides.ts';
import { Fresh } from './fresh.ts';
import { goesOn, hasPassed, type Positioned } from './replication.ts';

export interface PositionFenceDeps {
  readonly upstream: Side;
  /** What the servers said of themselves when the run was planned. */
  readonly planned: Sides<Positioned>;
  readonly readers: Sides<Pick<RowReader, 'position'>>;
  readonly clock: Pick<Clock, 'steadyNow'>;
}

export class PositionFence implements ReplicationPosition {
  readonly upstream: Side;
  readonly #deps: PositionFenceDeps;
  readonly #downstream: Fresh<Positioned>;

  constructor(deps: PositionFenceDeps) {
    this.#deps = deps;
    this.upstream = deps.upstream;
    const below = otherSide(deps.upstream);
    this.#downstream = new Fresh(deps.clock, (signal) => this.#positionOf(below, signal));
  }

  async mark(signal: AbortSignal): Promise<Mark> {
    return { kind: 'position', position: await this.#positionOf(this.upstream, signal) };
  }

  async stateOf(mark: Mark, signal: AbortSignal): Promise<MarkState> {
    if (mark.kind !== 'position') throw new Error('A mark of another fence.');
    const passed = hasPassed(mark.position, await this.#downstream.read(signal));
    if (passed === undefined)
      throw positionLost('the positions of the two servers show no common history any more');
    return passed ? 'passed' : 'behind';
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
