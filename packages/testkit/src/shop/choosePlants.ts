// Which rows of a table get which damage. Pure: positions in key order, chosen from a seeded source.
// No row gets two damages, so that the list of differences stays exact.

import type { SeededRandom } from '../random/seededRandom.ts';
import type { StrangerPlace } from './shopTable.ts';

export interface PlantCounts {
  readonly target_missing: number;
  readonly neq: number;
  readonly base_missing: number;
}

export interface ChosenPlants {
  /** Positions, from 0, of rows to delete on the target; the first and the last row are among them. */
  readonly deleteOnTarget: readonly number[];
  readonly change: readonly number[];
  /** Positions of rows to delete on the base: one of the two ways of base_missing. */
  readonly deleteOnBase: readonly number[];
  /** Rows to insert on the target: the other way. */
  readonly insertOnTarget: readonly StrangerPlace[];
}

export interface PlantChoice {
  readonly rowCount: number;
  readonly counts: PlantCounts;
  readonly random: SeededRandom;
}

// A tiny table keeps at least a quarter of its rows sound.
const PART_PER_DAMAGE = 4;
const PLACES: readonly StrangerPlace[] = ['below', 'above', 'between'];

export function choosePlants({ rowCount, counts, random }: PlantChoice): ChosenPlants {
  const limit = Math.floor(rowCount / PART_PER_DAMAGE);
  const targetMissing = Math.min(counts.target_missing, limit);
  const neq = Math.min(counts.neq, limit);
  const deleteOnBase = Math.min(Math.floor(counts.base_missing / 2), limit);

  const ends = targetMissing >= 2 ? [0, rowCount - 1] : [];
  const inner = distinctPositions({
    rowCount,
    count: targetMissing + neq + deleteOnBase - ends.length,
    not: ends,
    random,
  });
  const take = (count: number) => inner.splice(0, count);
  return {
    deleteOnTarget: [...ends, ...take(targetMissing - ends.length)],
    change: take(neq),
    deleteOnBase: take(deleteOnBase),
    insertOnTarget: Array.from({ length: counts.base_missing - deleteOnBase }, (_, index) => placeOf(index)),
  };
}

function placeOf(index: number): StrangerPlace {
  return PLACES[index % PLACES.length] ?? 'between';
}

interface Drawing {
  readonly rowCount: number;
  readonly count: number;
  readonly not: readonly number[];
  readonly random: SeededRandom;
}

// Drawing again after a hit is cheap: at most three quarters of the positions are ever taken.
function distinctPositions({ rowCount, count, not, random }: Drawing): number[] {
  const taken = new Set(not);
  const positions: number[] = [];
  while (positions.length < count) {
    const position = random.int(0, rowCount - 1);
    if (taken.has(position)) continue;
    taken.add(position);
    positions.push(position);
  }
  return positions;
}
