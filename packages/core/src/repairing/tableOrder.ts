/** The order in which tables are repaired where foreign keys lead from one to another. */

export interface Reference {
  readonly child: string;
  readonly parent: string;
}

/**
 * Parents before their children; the given order otherwise. Tables that lead to each other in a circle stay in the
 * given order among themselves: no order suits them.
 */
export function parentsFirst(tables: readonly string[], references: readonly Reference[]): readonly string[] {
  const parents = new Map(tables.map((table) => [table, new Set<string>()]));
  for (const { child, parent } of references) {
    if (child !== parent && parents.has(parent)) parents.get(child)?.add(parent);
  }
  const ordered: string[] = [];
  const left = new Set(tables);
  while (left.size > 0) {
    const ready = [...left].filter((table) =>
      [...(parents.get(table) ?? [])].every((parent) => !left.has(parent)),
    );
    const next = ready.length > 0 ? ready : [...left].slice(0, 1);
    for (const table of next) left.delete(table);
    ordered.push(...next);
  }
  return ordered;
}
