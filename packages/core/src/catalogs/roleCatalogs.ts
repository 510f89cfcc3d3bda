/** The catalogs of a run's two sides. Each question is retried after a transient fault. */
import type { Clock, Direction, RunSpec } from '@rowparity/contracts';
import { type RetryPolicy, withRetry } from '../faults/retry.ts';
import type { Catalog } from '../ports/catalog.ts';
import { byRole } from '../sides/roles.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { retriedCatalog } from './retriedCatalog.ts';

export interface CatalogDeps {
  readonly clock: Clock;
  /** Throws CONNECTION_UNKNOWN. */
  catalog(ref: string): Catalog;
}

export function roleCatalogs(
  { spec, direction }: { readonly spec: RunSpec; readonly direction: Direction },
  { clock, catalog }: CatalogDeps,
  { policy, signal }: { readonly policy: RetryPolicy; readonly signal: AbortSignal },
): Sides<Catalog> {
  return mapSides(byRole(spec, direction), (ref) =>
    retriedCatalog(catalog(ref), (step) => withRetry(step, { policy, clock, signal })),
  );
}
