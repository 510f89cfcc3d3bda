/** An event as one line for a person: `✗ customers id=2079 differs in balance`. */
import { differenceWords, type InconsistentEvent, printable } from '@rowparity/contracts';
import { placesOf } from './foundCounts.ts';

export function eventLine({
  Table,
  Key,
  ID,
  RowDigest,
  Rows,
  Type,
  Direction,
  Columns,
  Stability,
  State,
}: InconsistentEvent): string {
  const key = Object.entries(Key ?? {}).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? `0x${value.hex}` : value}`,
  );
  const row = key.length > 0 ? key.join(' ') : RowDigest ? `${Rows} rows like ${RowDigest}` : `${ID}`;
  const found = differenceWords(Type, placesOf(Direction).judged);
  const columns = Columns && Columns.length > 0 ? ` in ${Columns.join(', ')}` : '';
  if (State === 'resolved') return printable(`✓ ${Table ?? ''} ${row} is equal by now`);
  const sign = Stability === 'unstable' ? '~' : '✗';
  const kept = Stability === 'unstable' ? ' when it was seen last, and keeps changing' : '';
  return printable(`${sign} ${Table ?? ''} ${row} ${found}${columns}${kept}`);
}
