/** A run in one line, for a log: where it stands, and what it has found so far. */
import { count, many, printable, type RunReport } from '@rowparity/contracts';
import { foundCounts, placesOf } from '../reports/foundCounts.ts';
import { durationWords } from '../reports/timeWords.ts';
import { rowsASecond } from './runPicture.ts';

export function progressLine(report: RunReport): string {
  const standing = report.verdict ?? (report.paused ? `${report.state}, paused` : report.state);
  const eta = report.etaMs === null || report.etaMs === 0 ? [] : [`${durationWords(report.etaMs)} left`];
  const found = foundCounts(report.counts, placesOf(report.direction));
  const waiting =
    report.pending.candidates > 0 ? [`${count(report.pending.candidates)} looked at again`] : [];
  const line = [
    `run ${report.runId}: ${standing}, ${report.percent.toFixed(1)} %, ${sumsOf(report)}`,
    ...eta,
    ...(found === '' ? [] : [found]),
    ...waiting,
    ...pausedHosts(report),
  ];
  return printable(line.join(', '));
}

/** Rows are those of the trusted side, as in the lines of the tables. */
export function sumsOf(report: RunReport): string {
  const { counts, shards, direction, elapsedMs } = report;
  const done = shards.match + shards.differs + shards.inconclusive;
  return [
    `${count(done)} of ${many(shards.total, 'shard', 'shards')}`,
    `${many(counts.rowsBase, 'row', 'rows')} on the ${placesOf(direction).trusted}`,
    `${count(rowsASecond(report))} rows/s`,
    durationWords(elapsedMs),
    ...(counts.candidates > 0
      ? [
          `of ${count(counts.candidates)} candidates ${count(counts.converged)} converged and ${count(counts.unstable)} unstable`,
        ]
      : []),
    ...(counts.planted > 0 ? [`self-test ${count(counts.caught)}/${count(counts.planted)}`] : []),
  ].join(', ');
}

/** By server, with its first reason. */
export function pausedHosts({ pauses }: RunReport): string[] {
  return pauses
    .filter(({ to }) => to === null)
    .map(({ host, reasons }) => `paused: ${host} ${reasons[0]?.message ?? ''}`);
}
