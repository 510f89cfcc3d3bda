/**
 * In what the two tables of a pair differ beside their rows: types, NULL, collations, defaults, indexes. It is told to
 * people and judged by none: whether it matters is theirs to say.
 */
import type { ComparedColumn, Direction } from '@rowparity/contracts';
import type { CatalogColumn, CatalogIndex, CatalogTable } from '../ports/catalog.ts';
import { byPlace } from '../sides/roles.ts';
import type { Sides } from '../sides/sides.ts';

/** Of one table. */
const TOLD_MAX = 5;
const CHARACTERS_MAX = 160;

export interface ComparedTables {
  readonly tables: Sides<CatalogTable>;
  readonly columns: readonly Pick<ComparedColumn, 'names'>[];
  readonly direction: Direction;
}

/** By the base's names, each of bounded length. Empty where nothing differs. */
export function sideDifferences({ tables, columns, direction }: ComparedTables): readonly string[] {
  const told = [
    ...columns.flatMap(({ names }) => columnDifferences(names, { tables, direction })),
    ...indexDifferences({ tables, columns, direction }),
  ].map((text) => (text.length > CHARACTERS_MAX ? `${text.slice(0, CHARACTERS_MAX - 1)}…` : text));
  const more = told.length - TOLD_MAX;
  return more > 0 ? [...told.slice(0, TOLD_MAX), `and ${more} more`] : told;
}

type Pair = Pick<ComparedTables, 'tables' | 'direction'>;

function columnDifferences(names: Sides<string>, { tables, direction }: Pair): string[] {
  const base = columnOf(tables.base, names.base);
  const target = columnOf(tables.target, names.target);
  if (!base || !target) return [];
  const parts: readonly (readonly [string, Sides<string>])[] = [
    ['is', { base: typeWords(base), target: typeWords(target) }],
    ['has the collation', { base: base.collation ?? 'none', target: target.collation ?? 'none' }],
    ['is', { base: nullWords(base), target: nullWords(target) }],
    [
      'has the default',
      { base: defaultOf(tables.base, names.base), target: defaultOf(tables.target, names.target) },
    ],
  ];
  return parts.flatMap(([verb, values]) => {
    if (values.base === values.target) return [];
    const { source, destination } = byPlace(values, direction);
    return [`${names.base} ${verb} ${source} on the source, ${destination} on the destination`];
  });
}

function columnOf({ columns }: CatalogTable, name: string): CatalogColumn | undefined {
  return columns.find((column) => column.name === name);
}

/** A width for showing numbers is no part of the type, and newer servers leave it out. */
function typeWords({ type }: CatalogColumn): string {
  return type.replace(/^((?:tiny|small|medium|big)?int|year)\(\d+\)(?! .*zerofill)/i, '$1');
}

function nullWords({ isNullable }: CatalogColumn): string {
  return isNullable ? 'NULL' : 'NOT NULL';
}

function defaultOf({ defaults }: CatalogTable, name: string): string {
  return defaults?.get(name) ?? 'none';
}

/** Names of indexes are free, so an index is what it is on: its columns, and whether it is unique. */
function indexDifferences({ tables, columns, direction }: ComparedTables): string[] {
  const baseName = new Map(columns.map(({ names }) => [names.target, names.base]));
  const onBase = indexesOf(tables.base, (name) => name);
  const onTarget = indexesOf(tables.target, (name) => baseName.get(name) ?? name);
  const { base, target } = { base: new Set(onBase), target: new Set(onTarget) };
  const places = byPlace<'base' | 'target'>({ base: 'base', target: 'target' }, direction);
  const placeOf = (side: 'base' | 'target') => (places.source === side ? 'source' : 'destination');
  return [
    ...[...base]
      .filter((index) => !target.has(index))
      .map((index) => `${index} is on the ${placeOf('base')} only`),
    ...[...target]
      .filter((index) => !base.has(index))
      .map((index) => `${index} is on the ${placeOf('target')} only`),
  ];
}

function indexesOf(
  { uniqueIndexes, plainIndexes }: CatalogTable,
  nameOf: (name: string) => string,
): string[] {
  const words = (kind: string) => (index: CatalogIndex) =>
    `${index.isPrimary ? 'the primary key' : kind} (${index.columns.map(nameOf).join(', ')})`;
  return [...uniqueIndexes.map(words('the unique index')), ...plainIndexes.map(words('the index'))];
}
