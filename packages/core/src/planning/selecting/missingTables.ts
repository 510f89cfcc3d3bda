/**
 * The tables that a spec asks for and that are not there, asked for before anything is planned: a person who mistyped a
 * name need not wait for the rest to be compared.
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

/** By its name, or by a pattern that finds nothing at all; what a pattern finds on one side is a finding of the run. */
function isAskedFor({ selection, refusal, source }: SelectedTable): boolean {
  return refusal?.code !== 'SPEC_INVALID' && ('name' in selection || selection.pattern === source);
}
