/** Reads keys on both sides now, with nothing seen of them before. */
import type { KeyTuple, TablePlan } from '@rowparity/contracts';
import type { RowReader } from '../ports/rowSource.ts';
import type { Sides } from '../sides/sides.ts';
import { byPointReads } from './locateRows.ts';
import { type Finding, type Reading, recheckRound } from './recheckRound.ts';

export type { Finding } from './recheckRound.ts';

export interface ReadNowDeps {
  readonly plan: TablePlan;
  readonly readers: Sides<RowReader>;
  readonly signal: AbortSignal;
  prove(reader: RowReader, keys: readonly KeyTuple[]): Promise<readonly (Reading | undefined)[]>;
}

/** Seen on no side: absence must be proved, and what is there has moved. */
const NOTHING_SEEN = { bytes: -1, digest: '' };

/** What both sides have for some keys now. */
export async function readNow(keys: readonly KeyTuple[], deps: ReadNowDeps): Promise<readonly Finding[]> {
  const { plan, readers, signal, prove } = deps;
  const seen = { base: NOTHING_SEEN, target: NOTHING_SEEN };
  const findings =
    keys.length === 0
      ? []
      : await recheckRound(
          keys.map((key) => ({ key, seen })),
          {
            ...{ plan, readers, locate: byPointReads(signal) },
            findInRanges: (reader, places) =>
              prove(
                reader,
                places.map((place) => keys[place] as KeyTuple),
              ),
          },
        );
  if (findings) return findings;
  // More bytes of rows than are held at once, which a single key never has.
  const half = Math.ceil(keys.length / 2);
  return [...(await readNow(keys.slice(0, half), deps)), ...(await readNow(keys.slice(half), deps))];
}
