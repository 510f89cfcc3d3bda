/** The result as the benchmark prints it. */
import { median, type Timing } from '../shared/timing.ts';
import type { EngineResult } from './engineResult.ts';

export function printTable(result: EngineResult): void {
  const lines = [result.servers.join(' and ')];
  for (const { table, timings } of result.equal) lines.push('', ...equalLines(table, timings));
  const exact = exactSeconds(result.equal[0]?.timings ?? []);
  const { scaledSeconds, sample } = result.pointReads;
  lines.push(
    row([
      'row-by-row point reads',
      scaledSeconds.toFixed(0),
      ratio(scaledSeconds / exact),
      `a sample of ${sample}, scaled`,
    ]),
    '',
    row(['differing', 'seconds', 'speed of equal', 'BIT_XOR(CRC32) sees it']),
    ...result.differing.map(({ name, seconds, equalSeconds, crcSeesIt }) =>
      row([
        name,
        median(seconds).toFixed(2),
        `${((100 * median(equalSeconds)) / median(seconds)).toFixed(0)} %`,
        crcSeesIt ? 'yes' : 'NO',
      ]),
    ),
    '',
    row(['memory, differing', 'peak RSS MiB', 'client CPU s', '']),
    ...result.memory.map(({ differing, maxRssMiB, cpuSeconds }) =>
      row([differing, maxRssMiB.toFixed(0), cpuSeconds.toFixed(1), '']),
    ),
  );
  lines.push('', ...slowLines(result.slowLink));
  process.stdout.write(`${lines.join('\n')}\n`);
}

function slowLines(links: EngineResult['slowLink']): string[] {
  if (typeof links === 'string') return [`slow link: ${links}`];
  const names = Object.keys(links[0]?.seconds ?? {});
  return [
    row(['slow link, seconds', ...names]),
    ...links.map(({ rateMbit, seconds }) =>
      row([`${rateMbit} Mbit/s`, ...names.map((name) => (seconds[name] ?? Number.NaN).toFixed(2))]),
    ),
  ];
}

function equalLines(table: string, timings: readonly Timing[]): string[] {
  const exact = exactSeconds(timings);
  return [
    row([`${table}, equal`, 'seconds', 'against exact', 'all rounds']),
    ...timings.map(({ name, seconds, failure }) =>
      failure
        ? row([name, '-', '-', failure])
        : row([
            name,
            median(seconds).toFixed(2),
            ratio(median(seconds) / exact),
            seconds.map((s) => s.toFixed(2)).join(' '),
          ]),
    ),
  ];
}

function exactSeconds(timings: readonly Timing[]): number {
  return median(timings.find(({ name }) => name === 'exact')?.seconds ?? []);
}

function ratio(value: number): string {
  return `${value.toFixed(2)}x`;
}

function row(cells: readonly string[]): string {
  const [first = '', ...rest] = cells;
  return `${first.padEnd(26)}${rest.map((cell) => cell.padEnd(18)).join('')}`.trimEnd();
}
