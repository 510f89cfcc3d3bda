/** Tells what a pass over a range finds: an event for each row that stays different, and what is kept of it. */
import {
  KNOWN_COLUMNS_MAX,
  type KnownDifference,
  type SomeCounts,
  UNSTABLE_COLUMNS_MAX,
} from '@rowparity/contracts';
import type { KnownRow } from '../ports/ledger.ts';
import { type EventInput, eventOf } from './eventOf.ts';
import { rowIdOf } from './rowId.ts';
import { COUNT_OF, type DifferentRow, type EndedRow, type Teller, type Telling } from './telling.ts';

export interface FoundDeps {
  readonly context: EventInput;
  readonly clock: { now(): number };
}

export class FoundDifferences implements Teller {
  readonly #deps: FoundDeps;

  constructor(deps: FoundDeps) {
    this.#deps = deps;
  }

  async tell(rows: readonly EndedRow[]): Promise<readonly Telling[]> {
    return rows.map((ended) => this.#tell(ended));
  }

  #tell(ended: EndedRow): Telling {
    switch (ended.end) {
      case 'duplicate':
        return { add: {} };
      case 'equal':
      case 'follows':
        return { add: { candidates: 1, converged: 1, ...ended.lag } };
      case 'unstable':
        return this.#unstable(ended.row);
      case 'confirmed':
        return this.#confirmed(ended.row);
    }
  }

  #unstable(row: DifferentRow): Telling {
    const { type, key, columns = [], ageMs } = row;
    const detectedAtMs = this.#deps.clock.now();
    return {
      event: eventOf(this.#deps.context, { ...row, state: undefined, isStable: false, detectedAtMs }),
      add: { candidates: 1, unstable: 1 },
      unstable: { key, type, columns: columns.slice(0, UNSTABLE_COLUMNS_MAX), ageMs },
    };
  }

  #confirmed(row: DifferentRow): Telling {
    const { context, clock } = this.#deps;
    const now = clock.now();
    const add: SomeCounts = { candidates: 1, [COUNT_OF[row.type]]: 1 };
    return {
      event: eventOf(context, { ...row, state: 'new', isStable: true, detectedAtMs: now }),
      add,
      known: knownRow(context, row, { state: 'new', firstSeen: now, lastSeen: now, generations: 1 }),
    };
  }
}

type KnownSince = Pick<KnownDifference, 'state' | 'firstSeen' | 'lastSeen' | 'generations'>;

function knownRow(
  { rows }: EventInput,
  { type, key, columns = [] }: DifferentRow,
  since: KnownSince,
): KnownRow {
  return { rowId: rowIdOf(rows, key), key, type, columns: columns.slice(0, KNOWN_COLUMNS_MAX), ...since };
}
