/** Finds the table pairs that a spec asks for. A table that is on one side only is a refusal, never left out. */
import type { Direction, Failure, TableSelection } from '@rowparity/contracts';

export interface TableNames {
  readonly source: readonly string[];
  readonly destination: readonly string[];
}

export interface SelectedTable {
  readonly source: string;
  readonly destination: string;
  /** What the spec says of this table; nothing when a pattern found it. */
  readonly wishes: TableSelection;
  readonly refusal: Failure | undefined;
}

export function selectTables(selections: readonly TableSelection[], names: TableNames): SelectedTable[] {
  const found = new Map<string, SelectedTable>();
  for (const selection of selections) {
    for (const table of 'name' in selection ? [byName(selection, names)] : byPattern(selection, names)) {
      if (!found.has(table.source)) found.set(table.source, table);
    }
  }
  return [...found.values()];
}

function byName(selection: Extract<TableSelection, { name: string }>, names: TableNames): SelectedTable {
  const source = selection.name;
  const destination = selection.destination ?? selection.name;
  return { source, destination, wishes: selection, refusal: refusalOf({ source, destination }, names) };
}

function byPattern(
  selection: Extract<TableSelection, { pattern: string }>,
  names: TableNames,
): SelectedTable[] {
  const wanted = matcher(selection.pattern);
  const unwanted = (selection.exclude ?? []).map(matcher);
  const isSelected = (name: string) => wanted(name) && !unwanted.some((matches) => matches(name));
  const all = [...new Set([...names.source, ...names.destination])].filter(isSelected).sort();
  if (all.length === 0) return [nothingFound(selection)];
  return all.map((name) => ({
    source: name,
    destination: name,
    wishes: selection,
    refusal: refusalOf({ source: name, destination: name }, names),
  }));
}

/** A pattern that finds nothing is most likely a mistake: the run must not be consistent because of it. */
function nothingFound(selection: Extract<TableSelection, { pattern: string }>): SelectedTable {
  const { pattern } = selection;
  const message = `No table on either side matches the pattern "${pattern}".`;
  return {
    source: pattern,
    destination: pattern,
    wishes: selection,
    refusal: { code: 'TABLE_NOT_FOUND', message },
  };
}

function refusalOf(pair: { source: string; destination: string }, names: TableNames): Failure | undefined {
  const isOnSource = names.source.includes(pair.source);
  const isOnDestination = names.destination.includes(pair.destination);
  if (isOnSource && isOnDestination) return undefined;
  if (!isOnSource && !isOnDestination) {
    return {
      code: 'TABLE_NOT_FOUND',
      message: `Table ${pair.source} is on neither side, or the users may not see it: grant SELECT.`,
    };
  }
  return isOnSource
    ? {
        code: 'TABLE_ONLY_ON_SOURCE',
        message: `Table ${pair.source} is on the source and not (as ${pair.destination}) on the destination, or the user may not see it there: grant SELECT.`,
      }
    : {
        code: 'TABLE_ONLY_ON_DESTINATION',
        message: `Table ${pair.destination} is on the destination and not (as ${pair.source}) on the source, or the user may not see it there: grant SELECT.`,
      };
}

/** `*` stands for any characters, `?` for one; everything else for itself. */
function matcher(pattern: string): (name: string) => boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (name) => expression.test(name);
}

/** The name that a table pair goes by in reports and events: the base table's. */
export function pairName(table: SelectedTable, direction: Direction): string {
  return direction === 'SRC' ? table.source : table.destination;
}
