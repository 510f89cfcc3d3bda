/**
 * `npm run bench:fleet`: how worker processes add up behind slow links, and what coordinator, Redis and reporter cost.
 */

import { DEFAULT_TOPIC } from '@rowparity/contracts';
import { createTopic, type System, startSystem } from '@rowparity/harness';
import { closeRedis, createRedisLedger } from '@rowparity/redis';
import { systemClock } from '@rowparity/runtime';
import { createShop, startServers } from '@rowparity/testkit';
import { flagsOrExit } from '../shared/flags.ts';
import { openRedis } from '../shared/redisUsage.ts';
import { machine, say, writeResult } from '../shared/result.ts';
import { textTable } from '../shared/textTable.ts';
import { efficiencyOf } from './efficiency.ts';
import { type RunMeasured, runOnce } from './runOnce.ts';
import { type Simulated, simulate } from './simulate.ts';
import { behindSlowLink } from './slowServers.ts';

const DATABASE = 'bench_fleet';
/** The share of the shop's rows that are orders. */
const ORDERS_SHARE = 0.3;
const FLEETS = [1, 2, 4, 8] as const;
/** As in production; the end-to-end tests have shorter ones. */
const TIMES = { lockMs: 60_000, stalledCheckMs: 15_000, leaseMs: 8000 };
const KIB = 1024;

const flags = flagsOrExit({
  command: 'bench:fleet',
  about:
    'The same run by 1, 2, 4 and 8 workers whose connections are slow; then a run of many shards without rows.',
  numbers: {
    rows: 480_000,
    'shard-rows': 1500,
    'latency-ms': 10,
    'kib-per-second': 512,
    concurrency: 2,
    'simulated-shards': 1_000_000,
    'simulated-seconds': 15,
  },
  jsonFile: '.rowparity/bench-fleet.json',
});

const servers = await startServers({ want: ['sql', 'redis', 'kafka'], say });
const redis = openRedis(servers.redis.url);
const ledger = createRedisLedger(redis, { clock: systemClock });
try {
  const before = machine();
  const { runs, simulated } = await measure();
  process.stdout.write(`${tablesOf(runs, simulated)}\n`);
  await writeResult(flags.jsonFile, { machine: before, flags, runs: withEfficiency(runs), simulated });
} finally {
  await closeRedis(redis);
  await servers.stop();
}

async function measure(): Promise<{ readonly runs: readonly RunMeasured[]; readonly simulated: Simulated }> {
  say(`making ${flags.rows} rows on both servers`);
  const rows = Math.round(flags.rows / ORDERS_SHARE);
  await createShop({ servers, database: DATABASE, rows, seed: 1, tables: ['orders'] });
  const link = { latencyMs: flags['latency-ms'], bytesPerSecond: flags['kib-per-second'] * KIB };
  const [source, destination] = await Promise.all([
    behindSlowLink(servers.source, DATABASE, link),
    behindSlowLink(servers.destination, DATABASE, link),
  ]);
  await createTopic({ brokers: servers.kafka.brokers, topic: DEFAULT_TOPIC }, { partitions: 1 });
  const system = await startSystem({
    label: 'bench-fleet',
    redisUrl: servers.redis.url,
    brokers: servers.kafka.brokers,
    connections: { source: source.url, destination: destination.url },
    workers: 0,
    concurrency: flags.concurrency,
    times: TIMES,
  });
  try {
    const runs = await growing(system);
    for (const worker of system.apps('worker')) await system.end(worker, 'SIGTERM');
    say(`simulating ${flags['simulated-shards']} shards`);
    const simulated = await simulate({
      ...{ system, redis, ledger, redisUrl: servers.redis.url },
      shards: flags['simulated-shards'],
      seconds: flags['simulated-seconds'],
    });
    return { runs, simulated };
  } finally {
    await system.stop();
    await Promise.all([source.close(), destination.close()]);
  }
}

/** The fleet grows from one measurement to the next. */
async function growing(system: System): Promise<RunMeasured[]> {
  const runs: RunMeasured[] = [];
  for (const workers of FLEETS) {
    const missing = workers - system.apps('worker').length;
    await Promise.all(Array.from({ length: missing }, () => system.start('worker')));
    const run = { runId: `fleet-${workers}`, table: 'orders', shardRows: flags['shard-rows'] };
    const measured = await runOnce({ system, redis, ledger }, run);
    say(`${workers} workers: ${Math.round(measured.rowsPerSecond)} rows a second`);
    runs.push(measured);
  }
  return runs;
}

function withEfficiency(runs: readonly RunMeasured[]) {
  return runs.map((run) => ({ ...run, efficiency: efficiencyOf(run, runs) }));
}

function tablesOf(runs: readonly RunMeasured[], simulated: Simulated): string {
  const apps = Object.keys(runs[0]?.cpuSeconds ?? {});
  const grown = [
    [
      'workers',
      'shards',
      'seconds',
      'rows/s',
      'efficiency',
      'machine busy',
      ...apps.map((app) => `${app} CPU s`),
    ],
    ...withEfficiency(runs).map((run) => [
      run.workers,
      run.shards,
      run.seconds,
      Math.round(run.rowsPerSecond),
      (run.efficiency ?? Number.NaN).toFixed(2),
      percent(run.machineBusy),
      ...apps.map((app) => run.cpuSeconds[app] ?? Number.NaN),
    ]),
  ];
  const { waiting, working } = simulated;
  const parts = Object.keys(waiting.cpuSeconds);
  const row = (name: string, phase: typeof waiting) => [
    name,
    phase.seconds,
    phase.shardsDone / phase.seconds,
    percent(phase.machineBusy),
    ...parts.map((part) => ((phase.cpuSeconds[part] ?? Number.NaN) * 100) / phase.seconds),
  ];
  const middle = [
    [
      `${simulated.shards} shards`,
      'seconds',
      'shards/s',
      'machine busy',
      ...parts.map((part) => `${part} % of a core`),
    ],
    row('no work', waiting),
    row('simulated workers', working),
  ];
  const notes = [
    `Redis: ${simulated.redisMiB.toFixed(0)} MiB for the plan; the coordinator: ${simulated.coordinatorMsPerLook.toFixed(1)} ms a look.`,
  ];
  return [textTable(grown), textTable(middle), ...notes].join('\n\n');
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
