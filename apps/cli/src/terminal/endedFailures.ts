/** The failures of a run in groups of one code, so that one cause is told once. */
import { count, type PlacedFailure, type RunReport } from '@rowparity/contracts';

const CODES_LISTED = 10;
const PLACES_NAMED = 5;

/** By code: how often, where, and the message of the first one, which says what to do. */
export function endedFailures({ failures, failuresTotal }: RunReport): string[] {
  const groups = [...Map.groupBy(failures, ({ code }) => code)].slice(0, CODES_LISTED);
  const told = groups.reduce((sum, [, { length }]) => sum + length, 0);
  const more = failuresTotal - told;
  return [
    ...groups.map(([code, all]) => `! ${code}${timesOf(all)}: ${all[0]?.message ?? ''}`),
    ...(more > 0 ? [`! and ${count(more)} more that are not named here`] : []),
  ];
}

function timesOf(failures: readonly PlacedFailure[]): string {
  const places = [...new Set(failures.map(placeOf).filter((place) => place !== ''))];
  const named = places.slice(0, PLACES_NAMED);
  const more = places.length - named.length;
  const where = `${named.join(', ')}${more > 0 ? ` and ${count(more)} more` : ''}`;
  if (failures.length === 1) return where === '' ? '' : ` ${where}`;
  return ` (${count(failures.length)} times${where === '' ? '' : `; ${where}`})`;
}

function placeOf({ table, shard }: PlacedFailure): string {
  return [table, shard === undefined ? undefined : `shard ${shard}`].filter(Boolean).join(' ');
}
