/** Translates the options of a table in a spec, which use the source's names, to the names of base and target. */
import type { ChangedSince, Direction, RuleName, TableSelection } from '@rowparity/contracts';
import { valueUnder } from '../../catalogs/columnNames.ts';
import { byRole } from '../../sides/roles.ts';
import { ALL_COLUMNS } from './columnOptions.ts';
import type { TableOptions } from './planTable.ts';
import type { UpdateTimes } from './updateTimes.ts';

export function tableOptionsOf(
  selection: TableSelection,
  input: {
    readonly direction: Direction;
    readonly rulesOff: readonly RuleName[];
    /** Left out of every table of the run. */
    readonly excludeColumns: readonly string[];
    readonly changedSince?: ChangedSince | undefined;
  },
): TableOptions {
  const { direction, rulesOff, excludeColumns, changedSince } = input;
  const changed = changedSince && updateTimes(changedSince, selection, direction);
  if ('pattern' in selection) {
    const exceptWherever = [...excludeColumns, ...(selection.excludeColumns ?? [])];
    return { key: undefined, columns: { ...ALL_COLUMNS, exceptWherever, rulesOff }, where: null, changed };
  }
  const renamed = selection.renamedColumns ?? {};
  const baseName = (name: string) => (direction === 'SRC' ? name : (valueUnder(renamed, name) ?? name));
  return {
    key: selection.key?.map(baseName),
    columns: {
      only: selection.columns?.map(baseName),
      except: (selection.excludeColumns ?? []).map(baseName),
      exceptWherever: excludeColumns.map(baseName),
      renamed: direction === 'SRC' ? renamed : inverse(renamed),
      rulesOff,
    },
    where: whereOf(selection.where, direction),
    changed,
  };
}

/** The spec has the name on the source. */
function updateTimes(since: ChangedSince, selection: TableSelection, direction: Direction): UpdateTimes {
  const renamed = 'pattern' in selection ? {} : (selection.renamedColumns ?? {});
  const destination = valueUnder(renamed, since.column) ?? since.column;
  return { since, names: byRole({ source: since.column, destination }, direction) };
}

function whereOf(
  where: Extract<TableSelection, { name: string }>['where'],
  direction: Direction,
): TableOptions['where'] {
  if (where === undefined) return null;
  return typeof where === 'string' ? { base: where, target: where } : byRole(where, direction);
}

function inverse(record: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([from, to]) => [to, from]));
}
