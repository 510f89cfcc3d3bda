/** The tests for a fence between two sides. They use the ports only, and wait for states, never for times. */
import type { Direction, FencePolicy } from '@rowparity/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mark, MarkState, ReplicationPosition } from '../ports/replicationPosition.ts';
import type { RowReader, ServerPosition } from '../ports/rowSource.ts';
import { fencingOf, openFence } from '../positions/fencing.ts';
import type { Sides } from '../sides/sides.ts';

/** Two sides, of which one gets what is written on the other. */
export interface FencedPair {
  readonly fence: FencePolicy;
  readonly direction: Direction;
  /** As planned. */
  readonly servers: Sides<ServerPosition>;
  readonly readers: Sides<Pick<RowReader, 'position' | 'progress'>>;
  /** Upstream a row is written, and behind it a beat where the fence needs one. */
  write(): Promise<void>;
  /** The downstream gets what is written from now on, and applies none of it. */
  stopApplier(): Promise<void>;
  startApplier(): Promise<void>;
  /** Resolves when the downstream shows what the upstream has. */
  untilEqual(): Promise<void>;
  /** The history of the upstream begins anew. */
  beginAnew(): Promise<void>;
  close(): Promise<void>;
}

/** `isSilent`: the fence needs a sign of life from upstream. */
export function replicationPositionConformance(
  name: string,
  make: () => Promise<FencedPair>,
  { isSilent }: { readonly isSilent: boolean },
): void {
  describe(`a fence: ${name}`, () => {
    const { signal } = new AbortController();
    let pair: FencedPair;
    let position: ReplicationPosition;
    beforeAll(async () => {
      pair = await make();
      const fencing = fencingOf(pair);
      if (!fencing) throw new Error('expected a fence');
      position = openFence(fencing, { readers: pair.readers, clock: { steadyNow: everLater() } });
    });
    afterAll(() => pair?.close());
    const stateOf = (mark: Mark): Promise<MarkState> => position.stateOf(mark, signal);

    it('knows the upstream, whichever side is right', () => {
      expect(position.upstream).toBe(pair.direction === 'SRC' ? 'base' : 'target');
    });

    it('what is not applied has not passed, however often it is asked', async () => {
      await pair.write();
      await pair.untilEqual();
      await pair.stopApplier();
      await pair.write();
      const mark = await position.mark(signal);
      for (let i = 0; i < 5; i += 1) expect(await stateOf(mark)).not.toBe('passed');
      await pair.write();
      expect(await stateOf(mark)).toBe('behind');
    });

    it('a mark is passed when the downstream has applied what came up to it, and stays passed', async () => {
      const mark = await position.mark(signal);
      await pair.write();
      await pair.startApplier();
      await pair.untilEqual();
      expect(await stateOf(mark)).toBe('passed');
      await pair.stopApplier();
      await pair.write();
      expect(await stateOf(mark)).toBe('passed');
      const next = await position.mark(signal);
      expect(await stateOf(next)).not.toBe('passed');
      await pair.startApplier();
      await pair.untilEqual();
    });

    it('a downstream that equals the mark tells what it can', async () => {
      const mark = await position.mark(signal);
      expect(await stateOf(mark)).toBe(isSilent ? 'silent' : 'passed');
      await pair.write();
      await pair.untilEqual();
      expect(await stateOf(mark)).toBe('passed');
    });

    it('a history that begins anew upstream is lost', async () => {
      const mark = await position.mark(signal);
      expect(mark).toBeDefined();
      await pair.beginAnew();
      await expect(position.mark(signal)).rejects.toMatchObject({
        class: 'permanent',
        code: 'POSITION_LOST',
      });
    });
  });
}

/** Every answer is asked for: none is fresh enough. */
function everLater(): () => number {
  let nowMs = 0;
  return () => {
    nowMs += 1000;
    return nowMs;
  };
}
