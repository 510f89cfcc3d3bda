/**
 * `npm run bench:growth`: what comparing costs as a table grows, by one process (`rowparity check`) and, for the
 * largest size, by a fleet. The limit is to read the same rows of both sides and throw them away.
 */
import { databaseUrl, startServers } from '@rowparity/testkit';
import { openPools } from '../engine/compareTable.ts';
import { readBoth } from '../engine/contenders.ts';
import { type BenchServers, DATABASE } from '../engine/tables.ts';
import { installRowparity } from '../peers/rowparityPeer.ts';
import { type CheckMeasured, measureCheck } from '../shared/checkProcess.ts';
import { flagsOrExit } from '../shared/flags.ts';
import { machine, say, serverNames, writeResult } from '../shared/result.ts';
import { textTable } from '../shared/textTable.ts';
import { createGrownTable, growTo, TABLE } from './grownTable.ts';
import type { GrowthResult, SizeMeasured } from './growthResult.ts';
import { measureFleet } from './measureFleet.ts';

const SIZES = [1_000_000, 5_000_000, 20_000_000, 50_000_000] as const;

const flags = flagsOrExit({
  command: 'bench:growth',
  about:
    'A table of five columns grows to 1, 5, 20 and 50 million rows; each size is compared, the last by a fleet too.',
  numbers: { 'rows-max': 50_000_000, repeats: 2, workers: 2, concurrency: 2 },
  jsonFile: '.rowparity/growth.json',
});

const program = await installRowparity(say);
const servers = await startServers({ want: ['sql', 'redis', 'kafka'], say });
try {
  const before = machine();
  const sizes = await measureSizes();
  say('the largest size by a fleet');
  const fleet = await measureFleet(servers, { workers: flags.workers, concurrency: flags.concurrency });
  process.stdout.write(`${tableOf(sizes)}\n\n${JSON.stringify(fleet, null, 2)}\n`);
  const named = serverNames(servers.source, servers.destination);
  const result: GrowthResult = { machine: before, servers: named, sizes, fleet };
  await writeResult(flags.jsonFile, result);
} finally {
  await servers.stop();
}

async function measureSizes(): Promise<readonly SizeMeasured[]> {
  await createGrownTable(servers);
  const wanted = [...SIZES.filter((rows) => rows < flags['rows-max']), flags['rows-max']];
  const sizes: SizeMeasured[] = [];
  for (const [i, rows] of wanted.entries()) {
    say(`making ${rows.toLocaleString('en')} rows on both servers`);
    await growTo(servers, wanted[i - 1] ?? 0, rows);
    const limitSeconds: number[] = [];
    const checks: CheckMeasured[] = [];
    for (let round = 0; round < flags.repeats; round += 1) {
      limitSeconds.push(await limitOf(servers, rows));
      checks.push(await measureCheck(program, [...urlsOf(servers), '--tables', TABLE]));
      say(`${rows.toLocaleString('en')} rows: ${checks.at(-1)?.seconds.toFixed(2)} s`);
    }
    sizes.push({ rows, limitSeconds, checks });
  }
  return sizes;
}

async function limitOf(both: BenchServers, rows: number): Promise<number> {
  const pools = openPools(both);
  const begin = performance.now();
  const read = await readBoth(pools, TABLE);
  const seconds = (performance.now() - begin) / 1000;
  await Promise.all([pools.base.close(), pools.target.close()]);
  if (read !== rows) throw new Error(`expected ${rows} rows, read ${read}`);
  return seconds;
}

function urlsOf({ source, destination }: BenchServers): readonly string[] {
  return [source, destination].map((server) => databaseUrl(server, DATABASE));
}

function tableOf(sizes: readonly SizeMeasured[]): string {
  const least = (values: readonly number[]) => Math.min(...values);
  return textTable([
    ['rows', 'limit, s', 'check, s', 'against the limit', 'peak MiB', 'ledger KiB'],
    ...sizes.map(({ rows, limitSeconds, checks }) => {
      const [limit, check] = [least(limitSeconds), least(checks.map(({ seconds }) => seconds))];
      const peak = Math.max(...checks.map(({ peakMiB }) => peakMiB));
      const ledger = Math.max(...checks.map(({ ledgerBytes }) => ledgerBytes)) / 1024;
      return [rows.toLocaleString('en'), limit, check, check / limit, peak, ledger];
    }),
  ]);
}
