/**
 * Measures Rowparity against the limit and against the tools that a user would choose instead, on real servers here:
 * every contender in turn, some rounds, so that a drift of the machine's speed meets all of them alike.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { databaseUrl, startServers } from '@rowparity/testkit';
import { isMissing } from '../peers/peer.ts';
import { ptTableSync, syncDiffInspector } from '../peers/sqlPeers.ts';
import { machine, say, serverNames, writeResult } from '../shared/result.ts';
import { median, type Timing } from '../shared/timing.ts';
import { compareTable, openPools } from './compareTable.ts';
import { checksumBoth, pointReads, readBoth } from './contenders.ts';
import type { EngineResult, SlowLink } from './engineResult.ts';
import type { BenchOptions } from './options.ts';
import { printTable } from './printTable.ts';
import { type BenchServers, DATABASE, makeDiffer, makeEqual, makeTables } from './tables.ts';

/** Rows of the point-read sample: seconds of work, and scaled, which is said so. */
const SAMPLE_ROWS = 3000;
/** Rows on the slow link: at 100 Mbit/s a minute's work for all contenders. */
const SLOW_LINK_ROWS = 200_000;
/** One row in this many differs. */
const DIFFERENCES = [
  { name: '0.01 %', every: 10_000 },
  { name: '1 %', every: 100 },
  { name: '100 %', every: 1 },
] as const;

/** As deploy/Dockerfile starts a worker: Node takes what it is given before it collects garbage. */
const WORKER_FLAGS = ['--max-old-space-size=96', '--max-semi-space-size=4'];

export async function benchEngine(options: BenchOptions): Promise<void> {
  const servers = await startServers({ want: ['sql'], say });
  try {
    await measureAll(servers, options);
  } finally {
    await servers.stop();
  }
}

async function measureAll(
  servers: BenchServers,
  { rows, narrowRows, repeats, jsonFile }: BenchOptions,
): Promise<void> {
  say(`making orders (${rows} rows) and narrow (${narrowRows} rows) on both servers`);
  await makeTables(servers, { rows, narrowRows });
  const before = machine();
  const tables = [];
  for (const table of ['orders', 'narrow'] as const)
    tables.push({ table, timings: await measureEqual(servers, table, repeats) });
  const points = await pointReads(servers, 'orders', { sample: SAMPLE_ROWS, rows });
  const memory = [{ differing: '0 %', ...(await measureMemory(servers, 'orders')) }];
  const differing = [];
  for (const { name, every } of DIFFERENCES) {
    const changed = await makeDiffer(servers, every);
    differing.push({
      name,
      changed,
      ...(await measureDiffering(servers, changed, every === 1 ? 1 : repeats)),
    });
    if (every === 1) memory.push({ differing: name, ...(await measureMemory(servers, 'differing')) });
    await makeEqual(servers, every);
  }
  const slowLink = await measureSlowLink(Math.min(rows, SLOW_LINK_ROWS));
  const result: EngineResult = {
    ...{ machine: before, servers: serverNames(servers.source, servers.destination) },
    ...{ rows, narrowRows, repeats, equal: tables },
    pointReads: { sample: SAMPLE_ROWS, scaledSeconds: points },
    differing,
    memory,
    slowLink,
  };
  printTable(result);
  await writeResult(jsonFile, result);
}

async function measureEqual(servers: BenchServers, table: string, repeats: number): Promise<Timing[]> {
  const pools = openPools(servers);
  const contenders = new Map<string, () => Promise<unknown>>([
    ['limit', () => readBoth(pools, table)],
    ['exact', () => expectEqual(compareTable(pools, { table, strategy: 'exact' }))],
    ['checksum', () => expectEqual(compareTable(pools, { table, strategy: 'checksum' }))],
    ['BIT_XOR(CRC32)', () => checksumBoth(servers, table, 'crc32')],
    ['SHA2', () => checksumBoth(servers, table, 'sha2')],
  ]);
  const compared = { ...servers, database: DATABASE, tables: [{ name: table, key: ['id'] }] };
  for (const peer of [await ptTableSync(say, { isInstalled: false }), syncDiffInspector()]) {
    if (isMissing(peer)) continue;
    contenders.set(peer.name, async () => {
      const result = await peer.compare(compared);
      if (result.kind === 'failed') throw new Error(`${peer.name}: ${result.reason}`);
    });
  }
  const seconds = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  const failures = new Map<string, string>();
  for (let round = 0; round <= repeats; round += 1) {
    for (const [name, run] of contenders) {
      if (failures.has(name)) continue;
      const begin = performance.now();
      const failure = await run().then(
        () => undefined,
        (error: Error) => error.message,
      );
      if (failure) failures.set(name, failure);
      // The first round warms up.
      else if (round > 0) seconds.get(name)?.push((performance.now() - begin) / 1000);
    }
    say(`${table}: round ${round} of ${repeats}`);
  }
  await Promise.all([pools.base.close(), pools.target.close()]);
  return [...seconds].map(([name, all]) => ({ name, seconds: all, failure: failures.get(name) }));
}

async function expectEqual(comparing: ReturnType<typeof compareTable>): Promise<void> {
  const { candidates } = await comparing;
  if (candidates > 0) throw new Error(`expected equal tables, found ${candidates} candidates`);
}

async function measureDiffering(servers: BenchServers, changed: number, repeats: number) {
  const pools = openPools(servers);
  const compared = async (table: string, expected: number) => {
    const begin = performance.now();
    const { neq } = await compareTable(pools, { table, strategy: 'exact' });
    if (neq !== expected) throw new Error(`expected ${expected} differences, found ${neq}`);
    return (performance.now() - begin) / 1000;
  };
  const seconds: number[] = [];
  const equalSeconds: number[] = [];
  for (let round = 0; round < repeats; round += 1) {
    equalSeconds.push(await compared('orders', 0));
    seconds.push(await compared('differing', changed));
  }
  const crcSeesIt = !(await checksumBoth(servers, 'differing', 'crc32'));
  await Promise.all([pools.base.close(), pools.target.close()]);
  say(`${changed} rows differ: ${median(seconds).toFixed(2)} s`);
  return { seconds, equalSeconds, crcSeesIt };
}

/** In a process of its own, so that nothing else is counted. */
async function measureMemory({ source, destination }: BenchServers, table: string) {
  const urls = [source, destination].map((server) => databaseUrl(server, DATABASE));
  const probe = new URL('./memoryProbe.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [...WORKER_FLAGS, probe, ...urls, table]);
  const { maxRssKiB, cpu } = JSON.parse(stdout) as {
    maxRssKiB: number;
    cpu: { user: number; system: number };
  };
  return { maxRssMiB: maxRssKiB / 1024, cpuSeconds: (cpu.user + cpu.system) / 1e6 };
}

/** In a network namespace, where the machine has the tools and permits it; otherwise says why not. */
async function measureSlowLink(rows: number): Promise<readonly SlowLink[] | string> {
  say('slow link, in a network namespace of its own');
  const probe = new URL('./slowLink.ts', import.meta.url).pathname;
  try {
    const { stdout } = await promisify(execFile)('unshare', ['-n', process.execPath, probe, String(rows)]);
    return JSON.parse(stdout) as SlowLink[];
  } catch (error) {
    return `not measured: it needs root, unshare, ip and tc. ${
      String((error as Error).message)
        .split('\n')
        .at(-2) ?? ''
    }`;
  }
}
