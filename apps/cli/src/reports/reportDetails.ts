/**
 * Details of a report for a person: unstable rows, the time of the comparison, and the databases.
 */
import type { ReportedPlace, RunReport, UnstableKey } from '@rowparity/contracts';

const UNSTABLE_SHOWN = 10;

export function unstableLines({ unstable, counts }: RunReport): string[] {
  const shown = unstable.slice(0, UNSTABLE_SHOWN).map(unstableLine);
  const more = counts.unstable - shown.length;
  return shown.length > 0 && more > 0
    ? [...shown, `~ and ${more.toLocaleString('en-US')} more unstable rows`]
    : shown;
}

export function settledLines(report: RunReport): string[] {
  const { comparedFrom, comparedTo } = report;
  return [
    ...(comparedFrom !== null && comparedTo !== null
      ? [`compared from ${timeOf(comparedFrom)} to ${timeOf(comparedTo)}, each key at its own moment`]
      : []),
    ...convergenceLines(report),
    placeLine('source', report.source),
    placeLine('destination', report.destination),
  ];
}

/** As JSON, so that no character of a key moves the terminal's cursor. */
function unstableLine({ table, key, type, columns, ageMs }: UnstableKey): string {
  const named = columns.length > 0 ? ` in ${columns.join(', ')}` : '';
  return `~ unstable ${table} ${JSON.stringify(key)}: ${type}${named} when it was seen last, after ${seconds(ageMs)}`;
}

function convergenceLines({ convergence }: RunReport): string[] {
  if (!convergence) return [];
  const { measured, medianMs, p99Ms, longestMs } = convergence;
  const [median, p99, longest] = [medianMs, p99Ms, longestMs].map(seconds);
  return [
    `rows on their way arrived within ${median} (median), ${p99} (99 %), ${longest} (all), measured on ${measured.toLocaleString('en-US')}`,
  ];
}

function seconds(ms: number): string {
  return `${(ms / 1000).toLocaleString('en-US', { maximumFractionDigits: 1 })} s`;
}

function placeLine(place: string, { connection, server }: ReportedPlace): string {
  const named = `${place.padEnd(11)} connection ${connection}`;
  if (!server) return `${named}: its server is not in the record`;
  const { database, host, port, version, serverId, uuid } = server;
  return `${named}: database ${database} on ${host}:${port}, version ${version}, server id ${serverId}${uuid ? `, uuid ${uuid}` : ''}`;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}
