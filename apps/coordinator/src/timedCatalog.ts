/** The catalog of a server, with the time of each statement. It changes nothing. */
import type { Catalog } from '@rowparity/core';
import type { Timed } from '@rowparity/runtime';

export function timedCatalog(catalog: Catalog, timed: Timed): Catalog {
  return {
    identify: (signal) => timed(() => catalog.identify(signal)),
    tick: (signal) => timed(() => catalog.tick(signal)),
    list: (signal) => timed(() => catalog.list(signal)),
    describeAll: (tables, signal) => timed(() => catalog.describeAll(tables, signal)),
    describe: (table, signal) => timed(() => catalog.describe(table, signal)),
    bounds: (key, signal) => timed(() => catalog.bounds(key, signal)),
    estimateRows: (key, range, signal) => timed(() => catalog.estimateRows(key, range, signal)),
    keyBehind: (key, wanted, signal) => timed(() => catalog.keyBehind(key, wanted, signal)),
    keyFrom: (key, wanted, signal) => timed(() => catalog.keyFrom(key, wanted, signal)),
    progress: (question, signal) => timed(() => catalog.progress(question, signal)),
    tryPredicate: (predicate, signal) => timed(() => catalog.tryPredicate(predicate, signal)),
  };
}
