/** The two tables of a pair by their names, or why there are not two tables to compare. */
import type { Failure } from '@rowparity/contracts';
import { closestNames } from '../../catalogs/columnNames.ts';
import type { CatalogEntry } from '../../ports/catalog.ts';
import type { PlaceNames } from './placeNames.ts';

interface Wanted {
  readonly source: string;
  readonly destination: string;
}

interface Places {
  readonly source: PlaceNames;
  readonly destination: PlaceNames;
}

const PLACES = ['source', 'destination'] as const;
type Place = (typeof PLACES)[number];

export function partnerOf(wanted: Wanted, names: Places): Wanted & { readonly refusal: Failure | undefined } {
  const found = {
    source: names.source.find(wanted.source),
    destination: names.destination.find(wanted.destination),
  };
  const pair = {
    source: found.source?.name ?? wanted.source,
    destination: found.destination?.name ?? wanted.destination,
  };
  return { ...pair, refusal: refusalOf(wanted, found, names) };
}

function refusalOf(
  wanted: Wanted,
  found: Readonly<Record<Place, CatalogEntry | undefined>>,
  names: Places,
): Failure | undefined {
  for (const place of PLACES) {
    const entry = found[place];
    if (entry && entry.kind !== 'table') return notATable(wanted[place], place, entry);
  }
  if (found.source && found.destination) return undefined;
  if (!found.source && !found.destination) return onNeither(wanted, names);
  const missing: Place = found.source ? 'destination' : 'source';
  const other: Place = found.source ? 'source' : 'destination';
  return {
    code: found.source ? 'TABLE_ONLY_ON_SOURCE' : 'TABLE_ONLY_ON_DESTINATION',
    message: `Table ${wanted[other]} is on the ${other} and not${asName(wanted, missing, other)} on the ${missing}. ${remedy(wanted[missing], missing, names)}`,
  };
}

function asName(wanted: Wanted, missing: Place, other: Place): string {
  return wanted[missing] === wanted[other] ? '' : ` (as ${wanted[missing]})`;
}

function remedy(name: string, place: Place, names: Places): string {
  const other = names[place].inAnotherCase(name);
  if (other) {
    return `There is ${other.name} there, whose name differs only in case: name it as the pair's destination.`;
  }
  const close = closestNames(name, names[place].tables);
  const near = close.length > 0 ? `The closest names there: ${close.join(', ')}. ` : '';
  return names[place].isWhole
    ? `${near}Create it, name its partner as destination, or leave it out.`
    : `The user may not see every table of the ${place}: grant SELECT, or leave it out.`;
}

function notATable(name: string, place: Place, { kind }: CatalogEntry): Failure {
  const what = kind === 'view' ? 'a view' : kind === 'sequence' ? 'a sequence' : 'no table';
  const message = `${name} is ${what} on the ${place}: only tables are compared. Name the table behind it, or leave it out.`;
  return { code: 'TABLE_NOT_FOUND', message };
}

function onNeither({ source, destination }: Wanted, names: Places): Failure {
  const isWhole = names.source.isWhole && names.destination.isWhole;
  const close = closestNames(source, names.source.tables);
  const near = close.length > 0 ? ` The closest names on the source: ${close.join(', ')}.` : '';
  const hint = isWhole ? '' : ' Or the users may not see it: grant SELECT.';
  const as = source === destination ? '' : ` (${destination} on the destination)`;
  return { code: 'TABLE_NOT_FOUND', message: `Table ${source}${as} is on neither side.${near}${hint}` };
}
