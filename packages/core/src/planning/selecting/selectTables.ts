/**
 * Finds the table pairs that a spec asks for. A table that is on one side only is a refusal, never left out, and so is
 * one that is asked for twice.
 */
import type { Failure, TableSelection } from '@rowparity/contracts';
import type { CatalogListing } from '../../ports/catalog.ts';
import { namePattern } from './namePattern.ts';
import { PlaceNames } from './placeNames.ts';
import { partnerOf } from './tablePartner.ts';

export interface Listings {
  readonly source: CatalogListing;
  readonly destination: CatalogListing;
}

export interface SelectedTable {
  readonly source: string;
  readonly destination: string;
  /** What the spec says of this table; nothing when a pattern found it. */
  readonly selection: TableSelection;
  readonly refusal: Failure | undefined;
}

type NamedSelection = Extract<TableSelection, { name: string }>;
type PatternSelection = Extract<TableSelection, { pattern: string }>;

/** What a spec says of a table by its name goes before what a pattern says, in any order of the two. */
export function selectTables(
  selections: readonly TableSelection[],
  listings: Listings,
): readonly SelectedTable[] {
  const names = {
    source: new PlaceNames(listings.source),
    destination: new PlaceNames(listings.destination),
  };
  const named = selections.flatMap((selection) => ('name' in selection ? [byName(selection, names)] : []));
  const patterns = selections.flatMap((selection) =>
    'pattern' in selection ? byPattern(selection, { names, named }) : [],
  );
  const all = [...named, ...patterns.filter(({ source }) => !named.some((table) => table.source === source))];
  return [...Map.groupBy(all, ({ source }) => source).values()].map(onlyOne);
}

/** Without this check, the first of several selections of a table would win silently. */
function onlyOne(found: readonly SelectedTable[]): SelectedTable {
  const first = found[0] as SelectedTable;
  if (found.every(({ selection }) => isSameSelection(selection, first.selection))) return first;
  const message = `Table ${first.source} is selected ${found.length} times, with different options. Select it once: name it in one place, or leave it out of a pattern with exclude.`;
  return { ...first, refusal: { code: 'SPEC_INVALID', message } };
}

/** Two patterns without options of their own select a table in the same way. */
function isSameSelection(a: TableSelection, b: TableSelection): boolean {
  if (a === b) return true;
  if ('name' in a || 'name' in b) return false;
  const columns = (selection: PatternSelection) =>
    JSON.stringify([...(selection.excludeColumns ?? [])].sort());
  return columns(a) === columns(b);
}

interface Places {
  readonly source: PlaceNames;
  readonly destination: PlaceNames;
}

function byName(selection: NamedSelection, names: Places): SelectedTable {
  const wanted = { source: selection.name, destination: selection.destination ?? selection.name };
  return { ...partnerOf(wanted, names), selection: selection };
}

function byPattern(
  selection: PatternSelection,
  { names, named }: { readonly names: Places; readonly named: readonly SelectedTable[] },
): SelectedTable[] {
  const isWanted = namePattern(selection.pattern);
  const unwanted = (selection.exclude ?? []).map(namePattern);
  const isSelected = (name: string) => isWanted(name) && !unwanted.some((matches) => matches(name));
  const found = names.source.tables.filter(isSelected);
  const pairs = found.map((name) => partnerOf({ source: name, destination: name }, names));
  // A table of the destination that is the partner of another one stands alone only by its name.
  const taken = new Set([...pairs, ...named].map(({ destination }) => destination));
  const alone = names.destination.tables.filter(
    (name) => isSelected(name) && !taken.has(name) && !found.includes(name),
  );
  const all = [...pairs, ...alone.map((name) => partnerOf({ source: name, destination: name }, names))];
  if (all.length === 0) return [nothingFound(selection, names)];
  return all
    .sort((a, b) => (a.source < b.source ? -1 : Number(a.source > b.source)))
    .map((pair) => ({ ...pair, selection: selection }));
}

/** A pattern that finds nothing is most likely a mistake: the run must not be consistent because of it. */
function nothingFound(selection: PatternSelection, { source, destination }: Places): SelectedTable {
  const { pattern } = selection;
  const isWhole = source.isWhole && destination.isWhole;
  const hint = isWhole ? '' : ' The user may not see every table: grant SELECT on the database.';
  const message = `No table on either side matches the pattern "${pattern}".${hint}`;
  return {
    source: pattern,
    destination: pattern,
    selection: selection,
    refusal: { code: 'TABLE_NOT_FOUND', message },
  };
}
