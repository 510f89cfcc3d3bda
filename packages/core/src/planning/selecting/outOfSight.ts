/** What a pattern matches and a run does not compare, and whether there may be tables that the user cannot see. */
import { OUT_OF_SIGHT_NAMED_MAX, type OutOfSight, type TableSelection } from '@rowparity/contracts';
import type { CatalogListing } from '../../ports/catalog.ts';
import { namePattern } from './namePattern.ts';

/** Undefined when nothing is left out. */
export function outOfSight(
  { entries, isWhole }: CatalogListing,
  selections: readonly TableSelection[],
): OutOfSight | undefined {
  const patterns = selections.flatMap((selection) => ('pattern' in selection ? [selection] : []));
  if (patterns.length === 0) return undefined;
  const isWanted = patterns.map(({ pattern, exclude = [] }) => {
    const [wanted, ...unwanted] = [pattern, ...exclude].map(namePattern);
    return (name: string) => wanted?.(name) === true && !unwanted.some((matches) => matches(name));
  });
  const left = entries.flatMap(({ name, kind }) =>
    kind !== 'table' && isWanted.some((matches) => matches(name)) ? [{ name, kind }] : [],
  );
  if (left.length === 0 && isWhole) return undefined;
  return { entries: left.slice(0, OUT_OF_SIGHT_NAMED_MAX), total: left.length, isPartial: !isWhole };
}
