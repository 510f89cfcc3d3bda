/** The tables of BENCHMARKS.md, made of the results. */
import type { Measured } from '../distance/distanceResult.ts';
import { timingTable } from '../peers/peerTables.ts';
import { median } from '../shared/timing.ts';
import { markdownTable } from './markdownTable.ts';
import type { Results } from './results.ts';

export function peersTables(all: readonly Results[]): string {
  return all.map(({ name, peers }) => `**${name}.** ${aboutOf(peers)}\n\n${timingTable(peers)}`).join('\n\n');
}

export function engineTable(all: readonly Results[]): string {
  const cells = all.flatMap(({ engine }) =>
    engine.equal.flatMap(({ timings }) => {
      const exact = median(timings.find(({ name }) => name === 'exact')?.seconds ?? []);
      return [new Map(timings.map((timing) => [timing.name, { ...timing, exact }]))];
    }),
  );
  const heads = all.flatMap(({ name, engine }) => engine.equal.map(({ table }) => `${name}, ${table}`));
  const names = [...new Set(cells.flatMap((column) => [...column.keys()]))];
  const lines = names.map((contender) => [
    contender,
    ...cells.map((column) => {
      const timing = column.get(contender);
      if (!timing || timing.failure || timing.seconds.length === 0) return '-';
      return `${spread(timing.seconds)} · ${(median(timing.seconds) / timing.exact).toFixed(2)}×`;
    }),
  ]);
  const { engine } = all[0] as Results;
  const about = all.map((one) => `${one.name}: ${aboutOf(one.engine)}`).join(' ');
  return `${engine.rows.toLocaleString('en')} rows a table. ${about}\n\n${markdownTable(['equal tables, s', ...heads], lines)}`;
}

export function differingTable(all: readonly Results[]): string {
  const lines = all.flatMap(({ name, engine }) =>
    engine.differing.map((one) => [
      name,
      `${one.name}: ${one.changed.toLocaleString('en')}`,
      spread(one.seconds),
      `${((100 * median(one.equalSeconds)) / median(one.seconds)).toFixed(0)} %`,
      one.crcSeesIt ? 'yes' : '**no**',
    ]),
  );
  return markdownTable(
    ['', 'rows that differ', 'exact, s', 'speed of equal', 'BIT_XOR(CRC32) sees it'],
    lines,
  );
}

export function linksTable(all: readonly Results[]): string {
  const links = all.flatMap(({ name, engine }) =>
    typeof engine.slowLink === 'string' ? [] : engine.slowLink.map((link) => ({ name, ...link })),
  );
  const ways = [...new Set(links.flatMap(({ seconds }) => Object.keys(seconds)))];
  const lines = links.map(({ name, rateMbit, seconds }) => [
    `${name}, ${rateMbit} Mbit/s`,
    ...ways.map((way) => (seconds[way] === undefined ? '-' : seconds[way].toFixed(2))),
  ]);
  return markdownTable(['200,000 orders, s', ...ways], lines);
}

export function growthTable(all: readonly Results[]): string {
  const lines = all.flatMap(({ name, growth }) =>
    growth.sizes.map(({ rows, limitSeconds, checks }) => {
      const [limit, check] = [Math.min(...limitSeconds), Math.min(...checks.map(({ seconds }) => seconds))];
      const peak = Math.max(...checks.map(({ peakMiB }) => peakMiB));
      const ledger = Math.max(...checks.map(({ ledgerBytes }) => ledgerBytes)) / 1024;
      return [
        ...[
          name,
          rows.toLocaleString('en'),
          limit.toFixed(2),
          check.toFixed(2),
          `${(check / limit).toFixed(2)}×`,
        ],
        ...[peak.toFixed(0), ledger.toFixed(0)],
      ];
    }),
  );
  const heads = ['', 'rows', 'reading alone, s', 'check, s', 'against it', 'peak MiB', 'ledger KiB'];
  const fleets = all.map(
    ({ name, growth: { fleet } }) =>
      `${name}, ${fleet.rows.toLocaleString('en')} rows by a fleet of ${fleet.workers} workers: ${fleet.seconds.toFixed(1)} s from the first claim to the last outcome, ${fleet.orderedSeconds.toFixed(1)} s from the order to the verdict, ${fleet.shards} shards, largest worker ${fleet.workerMiB.toFixed(0)} MiB, Redis ${fleet.redisMiB.toFixed(1)} MiB, certificate ${(fleet.certificateBytes / 1024).toFixed(0)} KiB.`,
  );
  return `${markdownTable(heads, lines)}\n\n${fleets.map((one) => `- ${one}`).join('\n')}`;
}

export function distanceTable(all: readonly Results[]): string {
  const rowsOf = (name: string, measured: readonly Measured[], tables: number) =>
    measured.map((one) => [
      `${name}: ${one.name}`,
      spread(one.checks.map(({ seconds }) => seconds)),
      tables > 0 ? (one.questions / one.checks.length / tables).toFixed(1) : '-',
    ]);
  const lines = all.flatMap(({ name, distance: { many, tables, streams } }) => [
    ...rowsOf(name, [many.near, many.far], tables),
    ...rowsOf(name, streams, 0),
  ]);
  return markdownTable(['', 'check, s', 'statements a table and side'], lines);
}

/** The median, with the lowest and the highest where there are several. */
function spread(seconds: readonly number[]): string {
  const middle = median(seconds).toFixed(2);
  if (seconds.length < 2) return middle;
  return `${middle} (${Math.min(...seconds).toFixed(2)}–${Math.max(...seconds).toFixed(2)})`;
}

function aboutOf({ machine, servers }: Results['engine'] | Results['peers']): string {
  const load = machine.load[0]?.toFixed(1);
  return `${servers[0]}, ${machine.cores} cores (${machine.model}), load ${load} at the begin, ${machine.at.slice(0, 10)}.`;
}
