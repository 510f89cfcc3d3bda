/** Which fence a run has, by its spec and by what the servers said when it was planned. */
import type { Clock, Direction, RunSpec, ValueFencePolicy } from '@rowparity/contracts';
import type { ReplicationPosition } from '../ports/replicationPosition.ts';
import type { ProgressQuestion, RowReader } from '../ports/rowSource.ts';
import { byRole } from '../sides/roles.ts';
import type { Side, Sides } from '../sides/sides.ts';
import { PositionFence } from './positionFence.ts';
import { type Positioned, upstreamOf } from './replication.ts';
import { ValueFence } from './valueFence.ts';

export type Fencing =
  /** One side replicates from the other, as far as both told. */
  | { readonly kind: 'positions'; readonly upstream: Side; readonly planned: Sides<Positioned> }
  /** The user says so, and names a value. */
  | {
      readonly kind: 'values';
      readonly upstream: Side;
      readonly planned: Sides<Positioned>;
      readonly questions: Sides<ProgressQuestion>;
    };

interface FencingInput {
  readonly fence: RunSpec['recheck']['fence'];
  readonly direction: Direction;
  readonly servers: Sides<Positioned> | undefined;
}

/** Undefined where time alone judges. */
export function fencingOf({ fence, direction, servers }: FencingInput): Fencing | undefined {
  if (fence === 'off' || !servers) return undefined;
  if (fence !== 'auto') return { kind: 'values', planned: servers, ...valuesOf(fence, direction) };
  const upstream = upstreamOf(servers);
  return upstream && { kind: 'positions', upstream, planned: servers };
}

export interface FencedValues {
  readonly upstream: Side;
  readonly questions: Sides<ProgressQuestion>;
}

/** The spec speaks of source and destination, and the comparison of base and target. */
export function valuesOf(fence: ValueFencePolicy, direction: Direction): FencedValues {
  const isUpstream = { source: fence.upstream === 'source', destination: fence.upstream === 'destination' };
  const questions =
    fence.kind === 'heartbeat'
      ? { base: fence, target: fence }
      : byRole(
          {
            source: { kind: 'query', sql: fence.source } as const,
            destination: { kind: 'query', sql: fence.destination } as const,
          },
          direction,
        );
  return { upstream: byRole(isUpstream, direction).base ? 'base' : 'target', questions };
}

export interface FenceDeps {
  readonly readers: Sides<Pick<RowReader, 'position' | 'progress'>>;
  readonly clock: Pick<Clock, 'steadyNow'>;
}

export function openFence(fencing: Fencing, deps: FenceDeps): ReplicationPosition {
  return fencing.kind === 'positions'
    ? new PositionFence({ ...fencing, ...deps })
    : new ValueFence({ ...fencing, ...deps });
}
