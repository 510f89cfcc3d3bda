/** The catalogs of a run's two sides, each of whose questions is asked again after a transient fault. */
import type { Direction, RunSpec } from '@rowparity/contracts';
import type { Catalog } from '../ports/catalog.ts';
import type { Clock } from '../ports/clock.ts';
import { mapSides, type Sides } from '../sides.ts';
import { type RetryPolicy, withRetry } from '../validating/retry.ts';
import { retriedCatalog } from './retriedCatalog.ts';
import { byRole } from './roles.ts';

export interface CatalogPorts {
  readonly clock: Clock;
  /** Throws CONNECTION_UNKNOWN. */
  catalog(ref: string): Catalog;
}

export function roleCatalogs(
  { spec, direction }: { readonly spec: RunSpec; readonly direction: Direction },
  { clock, catalog }: CatalogPorts,
  { policy, signal }: { readonly policy: RetryPolicy; readonly signal: AbortSignal },
): Sides<Catalog> {
  return mapSides(byRole(spec, direction), (ref) =>
    retriedCatalog(catalog(ref), (step) => withRetry(step, { policy, clock, signal })),
  );
}
