/** A catalog that retries each question after a transient fault: a plan of thousands of tables meets some. */
import type { Catalog } from '../ports/catalog.ts';

export function retriedCatalog(
  catalog: Catalog,
  retried: <T>(step: () => Promise<T>) => Promise<T>,
): Catalog {
  return {
    identify: (signal) => retried(() => catalog.identify(signal)),
    tick: (signal) => retried(() => catalog.tick(signal)),
    list: (signal) => retried(() => catalog.list(signal)),
    describeAll: (tables, signal) => retried(() => catalog.describeAll(tables, signal)),
    describe: (table, signal) => retried(() => catalog.describe(table, signal)),
    bounds: (key, signal) => retried(() => catalog.bounds(key, signal)),
    estimateRows: (key, range, signal) => retried(() => catalog.estimateRows(key, range, signal)),
    keyBehind: (key, wanted, signal) => retried(() => catalog.keyBehind(key, wanted, signal)),
    keyFrom: (key, wanted, signal) => retried(() => catalog.keyFrom(key, wanted, signal)),
    progress: (question, signal) => retried(() => catalog.progress(question, signal)),
    tryPredicate: (predicate, signal) => retried(() => catalog.tryPredicate(predicate, signal)),
  };
}
