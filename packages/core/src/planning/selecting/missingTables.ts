/**
 * Finds the tables that a spec names and that do not exist, before planning starts: the author of a mistyped name need
 * not wait until the rest is compared.
 */
import { directionOf, type Failure, type RunSpec } from '@rowparity/contracts';
import { type CatalogDeps, roleCatalogs } from '../../catalogs/roleCatalogs.ts';
import { PLAN_RETRY } from '../../faults/retry.ts';
import { byPlace } from '../../sides/roles.ts';
import { bothSides } from '../../sides/sides.ts';
import { type SelectedTable, selectTables } from './selectTables.ts';

export async function missingTables(
  spec: RunSpec,
  deps: CatalogDeps,
  signal: AbortSignal,
): Promise<readonly Failure[]> {
  const catalogs = roleCatalogs({ spec, direction: directionOf(spec) }, deps, {
    policy: PLAN_RETRY,
    signal,
  });
  const listings = await bothSides(catalogs, (catalog) => catalog.list(signal));
  const selected = selectTables(spec.tables, byPlace(listings, directionOf(spec)));
  return selected.flatMap((table) => (table.refusal && isAskedFor(table) ? [table.refusal] : []));
}

/**
 * Tables by name, and patterns without any match. A table that a pattern finds on one side only is for the run to
 * report.
 */
function isAskedFor({ selection, refusal, source }: SelectedTable): boolean {
  return refusal?.code !== 'SPEC_INVALID' && ('name' in selection || selection.pattern === source);
}
