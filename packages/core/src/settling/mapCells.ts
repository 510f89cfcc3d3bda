/**
 * The cells of a map: shards that are neighbours in the order of their keys share one. Shards of the plan come in that
 * order. Those that were split off come at the end of the plan; a shard's rest begins where the shard ends, so each is
 * found by its beginning and counted in the cell of the shard that it was split off.
 */
import { MARK_STATES, type MapCell } from '@rowparity/contracts';
import type { ShardMark } from '../ports/ledger.ts';

/** Split-off shards that are put into their order; of more, the rest counts in the last cell of its table. */
const SPLITS_ORDERED_MAX = 200_000;

type Split = Pick<ShardMark, 'upTo' | 'state'>;

export class MapCells {
  readonly tables: readonly MapCell[][];
  readonly #planned: readonly number[];
  readonly #seen: number[];
  readonly #splits = new Map<string, Split>();

  /** `planned`: shards of the plan by table pair. */
  constructor(planned: readonly number[], cells: number) {
    const total = planned.reduce((sum, shards) => sum + shards, 0);
    this.#planned = planned;
    this.#seen = planned.map(() => 0);
    this.tables = planned.map((shards) => {
      const share = Math.max(1, Math.floor((cells * shards) / Math.max(1, total)));
      return Array.from({ length: Math.min(shards, share) }, (): MapCell => [0, 0, 0, 0, 0]);
    });
  }

  /** Before any shard of the plan. */
  addSplit(mark: ShardMark): void {
    if (this.#splits.size < SPLITS_ORDERED_MAX) this.#splits.set(nameOf(mark.table, mark.after), mark);
    else this.#count(this.#planned[mark.table] ?? 0, mark);
  }

  addPlanned({ table, upTo, state, holdsKeys }: ShardMark): void {
    const place = this.#seen[table] ?? 0;
    this.#seen[table] = place + 1;
    this.#count(place, { table, state });
    if (holdsKeys) return;
    let end = upTo;
    for (let rest = this.#take(table, end); rest; rest = this.#take(table, end)) {
      this.#count(place, { table, state: rest.state });
      end = rest.upTo;
    }
  }

  #take(table: number, after: string | null): Split | undefined {
    if (after === null || this.#splits.size === 0) return undefined;
    const name = nameOf(table, after);
    const rest = this.#splits.get(name);
    this.#splits.delete(name);
    return rest;
  }

  /** `place`: of the shard among those of its table in the plan. */
  #count(place: number, { table, state }: Pick<ShardMark, 'table' | 'state'>): void {
    const cells = this.tables[table] ?? [];
    const planned = Math.max(1, this.#planned[table] ?? 0);
    const cell = cells[Math.min(cells.length - 1, Math.floor((place * cells.length) / planned))];
    const number = MARK_STATES.indexOf(state);
    if (cell) cell[number] = (cell[number] ?? 0) + 1;
  }
}

function nameOf(table: number, after: string | null): string {
  return `${table} ${after}`;
}
