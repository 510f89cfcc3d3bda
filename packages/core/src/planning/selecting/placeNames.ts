/** The names of one place, source or destination, and their objects. */
import type { CatalogEntry, CatalogListing } from '../../ports/catalog.ts';

export class PlaceNames {
  readonly tables: readonly string[];
  readonly isWhole: boolean;
  readonly #ignoresCase: boolean;
  readonly #byName: ReadonlyMap<string, CatalogEntry>;
  readonly #byFoldedName: ReadonlyMap<string, readonly CatalogEntry[]>;

  constructor({ entries, ignoresCase, isWhole }: CatalogListing) {
    this.tables = entries.filter(({ kind }) => kind === 'table').map(({ name }) => name);
    this.isWhole = isWhole;
    this.#ignoresCase = ignoresCase;
    this.#byName = new Map(entries.map((entry) => [entry.name, entry]));
    this.#byFoldedName = Map.groupBy(entries, ({ name }) => name.toLowerCase());
  }

  /** As the server itself would find it. */
  find(name: string): CatalogEntry | undefined {
    const exact = this.#byName.get(name);
    return exact || !this.#ignoresCase ? exact : this.inAnotherCase(name);
  }

  /** The only name that differs from this one by case alone. */
  inAnotherCase(name: string): CatalogEntry | undefined {
    const others = (this.#byFoldedName.get(name.toLowerCase()) ?? []).filter((entry) => entry.name !== name);
    return others.length === 1 ? others[0] : undefined;
  }
}
