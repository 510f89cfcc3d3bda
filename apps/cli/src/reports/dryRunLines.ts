/** What a spec would compare, for a terminal. */
import { type DryRunAnswer, type Failure, many, printable } from '@rowparity/contracts';

const NAME_CELLS = 24;

/** Nothing is refused, and the order would be taken. */
export function isPlannable({ failure, existing, tables }: DryRunAnswer): boolean {
  return failure === null && existing !== 'different' && tables.every(({ refusal }) => refusal === null);
}

export function dryRunLines({
  runId,
  direction,
  existing,
  failure,
  shards,
  tables,
  notes,
}: DryRunAnswer): string[] {
  const refused = tables.filter(({ refusal }) => refusal !== null).length;
  const lines = [
    `${runId} would compare ${many(tables.length - refused, 'table', 'tables')} in ${many(shards, 'shard', 'shards')}, direction ${direction}${refused > 0 ? `; ${refused} refused` : ''}`,
    ...existingLine(existing),
    ...(failure ? [`  cannot be planned: ${failureText(failure)}`] : []),
    ...tables.map(tableLine),
    ...notes.map(({ message }) => `  note: ${message}`),
    'Nothing was ordered.',
  ];
  return lines.map((line) => printable(line));
}

function existingLine(existing: DryRunAnswer['existing']): string[] {
  switch (existing) {
    case 'none':
      return [];
    case 'same':
      return ['  a run of this id and spec is there: the order would be that run'];
    case 'different':
      return ['  a run of this id has another spec: the order would be refused; choose another runId'];
  }
}

function tableLine({
  name,
  source,
  destination,
  key,
  columns,
  shards,
  estimatedRows,
  refusal,
}: DryRunAnswer['tables'][number]) {
  const shown = name.padEnd(NAME_CELLS);
  if (refusal) return `  ${shown} refused: ${failureText(refusal)}`;
  const renamed = source === destination ? '' : ` (${source} | ${destination})`;
  const rowsBy = key.length > 0 ? `key ${key.join(', ')}` : 'no key: as multisets';
  return `  ${shown} about ${many(estimatedRows, 'row', 'rows')} in ${many(shards, 'shard', 'shards')}, ${many(columns, 'column', 'columns')}, ${rowsBy}${renamed}`;
}

function failureText({ code, message }: Failure): string {
  return `${code}: ${message}`;
}
