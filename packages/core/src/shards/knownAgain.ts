/**
 * Tells what became of known differences: `still` where one is confirmed again, `resolved` where its key was compared
 * equal. Of anything else nothing is told, and the difference stays known.
 */
import type { KeyTuple, KnownDifference } from '@rowparity/contracts';
import { type EventInput, eventOf } from './eventOf.ts';
import { rowIdOf } from './rowId.ts';
import { type DifferentRow, type EndedRow, keptColumns, type Teller, type Telling } from './telling.ts';

export interface KnownAgainDeps {
  readonly context: EventInput;
  readonly clock: { now(): number };
  /** What is known of the keys of the shard, by row id. */
  readonly known: ReadonlyMap<string, KnownDifference>;
  /** Consumers asked for resolved ones. */
  readonly tellsResolved: boolean;
}

export class KnownAgain implements Teller {
  readonly #deps: KnownAgainDeps;

  constructor(deps: KnownAgainDeps) {
    this.#deps = deps;
  }

  async tell(rows: readonly EndedRow[]): Promise<readonly Telling[]> {
    return rows.map((ended) => this.#tell(ended));
  }

  #tell(ended: EndedRow): Telling {
    const { context } = this.#deps;
    switch (ended.end) {
      // Its row stands under another spelling of the key, which is another row's name.
      case 'duplicate':
        return { add: { knownHidden: 1 } };
      case 'follows':
        return { add: { knownUnstable: 1 } };
      case 'equal':
        // Behind a predicate a row that is gone may only have left it.
        if (ended.isAbsent && context.plan.where) return { add: { knownHidden: 1 } };
        return this.#resolved(ended.candidate);
      case 'unstable':
        return {
          event: this.#eventOf(ended, { isStable: false, state: undefined }),
          add: { knownUnstable: 1 },
        };
      case 'confirmed':
        return this.#still(ended);
    }
  }

  #resolved(key: KeyTuple): Telling {
    const { context, clock, tellsResolved } = this.#deps;
    const known = this.#knownOf(key);
    const { type } = known;
    const found = { type, key, columns: undefined, isStable: true, state: 'resolved' } as const;
    return {
      event: tellsResolved ? eventOf(context, { ...found, detectedAtMs: clock.now() }) : undefined,
      add: { knownResolved: 1 },
      known: { ...rowOf(known), state: 'resolved' },
    };
  }

  #still(ended: DifferentEnd): Telling {
    const { type } = ended.row;
    const known = this.#knownOf(ended.candidate);
    const now = { type, causes: undefined, ...keptColumns(ended.row), lastSeen: this.#deps.clock.now() };
    return {
      event: this.#eventOf(ended, { isStable: true, state: 'still' }),
      add: { knownStill: 1 },
      known: { ...rowOf(known), ...now, state: 'still', generations: known.generations + 1 },
    };
  }

  #eventOf({ row, candidate }: DifferentEnd, how: Pick<Parameters<typeof eventOf>[1], 'isStable' | 'state'>) {
    const { context, clock } = this.#deps;
    const { type, columns } = row;
    return eventOf(context, { type, columns, key: candidate, ...how, detectedAtMs: clock.now() });
  }

  #knownOf(key: KeyTuple): KnownDifference {
    const known = this.#deps.known.get(rowIdOf(this.#deps.context.rows, key));
    if (known) return known;
    throw new Error(`run ${this.#deps.context.runId}: a shard holds a key that the run does not know`);
  }
}

interface DifferentEnd {
  readonly candidate: KeyTuple;
  readonly row: DifferentRow;
}

function rowOf({ table: _, ...row }: KnownDifference): Omit<KnownDifference, 'table'> {
  return row;
}
