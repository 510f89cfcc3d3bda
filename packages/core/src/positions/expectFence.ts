/** Tries the fence of a spec before any row is read: what cannot judge is refused, with the reason. */
import { type Direction, Fault, type RunSpec } from '@rowparity/contracts';
import type { Catalog } from '../ports/catalog.ts';
import { byRole } from '../sides/roles.ts';
import { otherSide, type Side, type Sides } from '../sides/sides.ts';
import { valuesOf } from './fencing.ts';
import { compareProgress, type Progress, readProgress } from './progress.ts';

interface Tried {
  readonly fence: RunSpec['recheck']['fence'];
  readonly direction: Direction;
  readonly catalogs: Sides<Pick<Catalog, 'progress'>>;
}

const WORDS_MAX = 1200;
const IS_REFUSAL: ReadonlySet<string> = new Set(['permanent', 'configuration']);

/** Throws FENCE_REFUSED, and faults of the servers that may pass. */
export async function expectFence({ fence, direction, catalogs }: Tried, signal: AbortSignal): Promise<void> {
  if (typeof fence === 'string') return;
  const { upstream, questions } = valuesOf(fence, direction);
  const placeOf = byRole({ source: 'source', destination: 'destination' }, direction);
  const downstream = otherSide(upstream);
  const read = async (side: Side): Promise<Progress> => {
    const value = await answerOf(() => catalogs[side].progress(questions[side], signal), placeOf[side]);
    const progress = value === null ? undefined : readProgress(value);
    if (progress) return progress;
    throw refused(
      value === null
        ? `the ${placeOf[side]} has no value. Start the heartbeat there, and wait until it has arrived on both sides`
        : `the value of the ${placeOf[side]} is no number and no time such as 2026-11-27 10:00:00. Name one that has an order`,
    );
  };
  // Downstream first: it cannot be ahead of what the upstream shows after that.
  const below = await read(downstream);
  const above = await read(upstream);
  const compared = compareProgress(below, above);
  if (compared === undefined) throw refused('one side has a number, and the other one a time');
  if (compared > 0)
    throw refused(
      `the ${placeOf[downstream]} has a later value than the ${placeOf[upstream]}, which is upstream by recheck.fence.upstream. Name the side that the value is written on, and see that nothing else writes it`,
    );
}

async function answerOf(
  ask: () => Promise<{ readonly value: string | null }>,
  place: string,
): Promise<string | null> {
  try {
    return (await ask()).value;
  } catch (error) {
    if (!(error instanceof Fault) || !IS_REFUSAL.has(error.class)) throw error;
    throw refused(`the ${place} refuses it: ${error.message.slice(0, WORDS_MAX)}`, error);
  }
}

function refused(found: string, cause?: unknown): Fault {
  const message = `recheck.fence cannot judge whether rows are on their way: ${found}. Nothing was compared.`;
  return new Fault('configuration', { code: 'FENCE_REFUSED', message }, { cause });
}
