/** What was found in a table or a run, in the words that people use for the three types. */
import { count, type Direction, differenceWords, type TableReport } from '@rowparity/contracts';

type Found = TableReport['counts'];

export interface PlaceWords {
  readonly trusted: 'source' | 'destination';
  readonly judged: 'source' | 'destination';
}

export function placesOf(direction: Direction): PlaceWords {
  return direction === 'SRC'
    ? { trusted: 'source', judged: 'destination' }
    : { trusted: 'destination', judged: 'source' };
}

/** `2 missing on destination, 1 differs`; empty where nothing differs. */
export function foundCounts(counts: Found, { judged }: PlaceWords): string {
  const { targetMissing, neq, baseMissing, knownStill, unstable } = counts;
  const told: readonly (readonly [number, string])[] = [
    [targetMissing, differenceWords('target_missing', judged)],
    [neq, neq === 1 ? 'differs' : 'differ'],
    [baseMissing, differenceWords('base_missing', judged)],
    [knownStill, 'known and still different'],
    [unstable, 'unstable'],
  ];
  return told.flatMap(([value, words]) => (value > 0 ? [`${count(value)} ${words}`] : [])).join(', ');
}
