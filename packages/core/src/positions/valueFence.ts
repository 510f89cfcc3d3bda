/**
 * A fence by a value that the user's own system moves on upstream, and that comes downstream on the way of the rows,
 * behind them: a heartbeat, or what a query of the user gives.
 *
 * A beat proves what was written before it, and the value that is read after a look may be a beat from before the look.
 * So the downstream must show a later value than the one that was read: that beat was written after the look. It proves
 * that only where the downstream applies in the order of the upstream, and shows it.
 */
import { type Clock, Fault } from '@rowparity/contracts';
import type { Mark, MarkState, ReplicationPosition } from '../ports/replicationPosition.ts';
import type { ProgressQuestion, RowReader, ServerProgress } from '../ports/rowSource.ts';
import { mapSides, otherSide, type Side, type Sides } from '../sides/sides.ts';
import { Fresh } from './fresh.ts';
import { compareProgress, type Progress, readProgress } from './progress.ts';
import type { Positioned } from './replication.ts';

export interface ValueFenceDeps {
  readonly upstream: Side;
  readonly planned: Sides<Positioned>;
  readonly questions: Sides<ProgressQuestion>;
  readonly readers: Sides<Pick<RowReader, 'progress'>>;
  readonly clock: Pick<Clock, 'steadyNow'>;
}

interface Read {
  readonly text: string;
  readonly progress: Progress;
}

export class ValueFence implements ReplicationPosition {
  readonly upstream: Side;
  readonly #downstream: Side;
  readonly #deps: ValueFenceDeps;
  readonly #fresh: Sides<Fresh<Read>>;
  /** The latest value of each side so far: no later one may be smaller. */
  readonly #latest: { base?: Progress; target?: Progress } = {};

  constructor(deps: ValueFenceDeps) {
    this.#deps = deps;
    this.upstream = deps.upstream;
    this.#downstream = otherSide(deps.upstream);
    this.#fresh = mapSides(
      deps.readers,
      (_reader, side) => new Fresh(deps.clock, (signal) => this.#read(side, signal)),
    );
  }

  /** The downstream is read first: it cannot be ahead of what the upstream shows after that. */
  async mark(signal: AbortSignal): Promise<Mark> {
    const below = await this.#read(this.#downstream, signal);
    const above = await this.#read(this.upstream, signal);
    if (order(below.progress, above.progress) > 0) {
      throw lost(`the ${this.#downstream} shows a later value than the ${this.upstream}, which is upstream`);
    }
    return { kind: 'value', value: above.text };
  }

  async stateOf(mark: Mark, signal: AbortSignal): Promise<MarkState> {
    const marked = mark.kind === 'value' ? readProgress(mark.value) : undefined;
    if (!marked) throw new Error('A mark of another fence.');
    const below = await this.#fresh[this.#downstream].read(signal);
    if (order(below.progress, marked) > 0) return 'passed';
    const above = await this.#fresh[this.upstream].read(signal);
    return order(above.progress, marked) > 0 ? 'behind' : 'silent';
  }

  async #read(side: Side, signal: AbortSignal): Promise<Read> {
    const { readers, questions, planned } = this.#deps;
    const found = await readers[side].progress(questions[side], signal);
    if (!isSameServer(planned[side], found)) throw lost(`the ${side} is another server now`);
    if (found.value === null) throw lost(`the value of the ${side} is not there any more`);
    const progress = readProgress(found.value);
    if (!progress) throw lost(`the value of the ${side} is no number and no time any more`);
    const before = this.#latest[side];
    if (before && order(progress, before) < 0) throw lost(`the value of the ${side} went back`);
    this.#latest[side] = progress;
    return { text: found.value, progress };
  }
}

function isSameServer(planned: Positioned, now: Pick<ServerProgress, 'serverId' | 'uuid'>): boolean {
  return planned.uuid === now.uuid && planned.serverId === now.serverId;
}

function order(a: Progress, b: Progress): number {
  const compared = compareProgress(a, b);
  if (compared === undefined) throw lost('one side shows a number, and the other one a time');
  return compared;
}

function lost(found: string): Fault {
  const message = `A value that moves from one side to the other tells whether rows are on their way (recheck.fence), and ${found}. So nothing tells it any more. Look at the value on both sides, at replication and at proxies, then order a new run.`;
  return new Fault('permanent', { code: 'POSITION_LOST', message });
}
