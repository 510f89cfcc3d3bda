/**
 * `npm run bench:foreground`: how long an application's transactions and reads take on a server alone, beside a fleet
 * without a budget, and beside fleets with one. In turns, so that others on the machine disturb all alike.
 */
import { createTopic } from '@rowparity/harness';
import { createShop, databaseUrl, startServers } from '@rowparity/testkit';
import { flagsOrExit } from '../shared/flags.ts';
import { machine, say, writeResult } from '../shared/result.ts';
import { textTable } from '../shared/textTable.ts';
import { median } from '../shared/timing.ts';
import { type Fleet, startFleet } from './fleet.ts';
import { type Latencies, makeForegroundTable, percentile, runForeground } from './foreground.ts';

const DATABASE = 'bench_foreground';
const TOPIC = 'bench-foreground';
const TABLE = 'orders';
/** The share of the shop's rows that are orders. */
const ORDERS_SHARE = 0.3;

const flags = flagsOrExit({
  command: 'bench:foreground',
  about: 'Latency of a foreground writer and reader, without Rowparity, with it, and with a budget.',
  numbers: {
    rows: 300_000,
    writes: 300,
    reads: 300,
    seconds: 8,
    rounds: 5,
    'rows-per-second': 20_000,
  },
  jsonFile: '.rowparity/bench-foreground.json',
});

interface Way {
  readonly name: string;
  /** Absent: no fleet works. */
  readonly env?: Readonly<Record<string, string>>;
}

const RATE = String(flags['rows-per-second']);
const WAYS: readonly Way[] = [
  { name: 'without Rowparity' },
  { name: 'no budget', env: {} },
  { name: 'MAX_STREAMS=1', env: { ROWPARITY_MAX_STREAMS: '1' } },
  {
    name: `MAX_STREAMS=1, MAX_ROWS_PER_SECOND=${RATE}`,
    env: { ROWPARITY_MAX_STREAMS: '1', ROWPARITY_MAX_ROWS_PER_SECOND: RATE },
  },
];

interface Round {
  readonly way: string;
  readonly write: { readonly p50: number; readonly p99: number };
  readonly read: { readonly p50: number; readonly p99: number };
  readonly rowsPerSecond: number;
}

const servers = await startServers({ want: ['sql', 'redis', 'kafka'], say });
const { source, destination, redis, kafka } = servers;
const fleets: (Fleet | undefined)[] = [];
try {
  const before = machine();
  const rows = Math.round(flags.rows / ORDERS_SHARE);
  await createShop({ servers, database: DATABASE, rows, seed: 1, tables: [TABLE], say });
  await makeForegroundTable(source, DATABASE);
  await createTopic({ brokers: kafka.brokers, topic: TOPIC }, { partitions: 1 });
  for (const [i, { env }] of WAYS.entries()) fleets.push(env && (await fleetOf(env, i)));
  const rounds: Round[] = [];
  for (let round = 0; round < flags.rounds; round += 1) {
    for (const [i, { name }] of WAYS.entries()) rounds.push(await measure(name, fleets[i]));
  }
  process.stdout.write(`${tableOf(rounds)}\n`);
  await writeResult(flags.jsonFile, { machine: before, after: machine(), flags, rounds });
} finally {
  await Promise.all(fleets.map((fleet) => fleet?.stop()));
  await servers.stop();
}

function fleetOf(env: Readonly<Record<string, string>>, redisDatabase: number): Promise<Fleet> {
  const connections = {
    source: databaseUrl(source, DATABASE),
    destination: databaseUrl(destination, DATABASE),
  };
  const { brokers } = kafka;
  return startFleet({
    ...{ redisUrl: redis.url, brokers, connections, table: TABLE, topic: TOPIC, env, redisDatabase },
  });
}

async function measure(name: string, fleet: Fleet | undefined): Promise<Round> {
  await fleet?.begin();
  const rates = { writesPerSecond: flags.writes, readsPerSecond: flags.reads };
  const latencies = await runForeground(source, DATABASE, { rates, ms: flags.seconds * 1000 });
  const round = roundOf(name, latencies, (await fleet?.end()) ?? 0);
  say(`${name}: write p99 ${round.write.p99.toFixed(1)} ms, read p99 ${round.read.p99.toFixed(1)} ms`);
  return round;
}

function roundOf(way: string, { writes, reads }: Latencies, rowsPerSecond: number): Round {
  const sharesOf = (sorted: readonly number[]) => ({
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  });
  return { way, write: sharesOf(writes), read: sharesOf(reads), rowsPerSecond };
}

/** Medians of the rounds, and p99 against the rounds without. */
function tableOf(rounds: readonly Round[]): string {
  const medianOf = (way: string, value: (round: Round) => number) =>
    median(rounds.filter((round) => round.way === way).map(value));
  const alone = WAYS[0]?.name ?? '';
  const lines = WAYS.map(({ name }) => [
    name,
    medianOf(name, ({ write }) => write.p50),
    medianOf(name, ({ write }) => write.p99),
    medianOf(name, ({ write }) => write.p99) / medianOf(alone, ({ write }) => write.p99),
    medianOf(name, ({ read }) => read.p50),
    medianOf(name, ({ read }) => read.p99),
    medianOf(name, ({ read }) => read.p99) / medianOf(alone, ({ read }) => read.p99),
    medianOf(name, ({ rowsPerSecond }) => rowsPerSecond),
  ]);
  const head = [
    ...['', 'write p50 ms', 'p99 ms', 'against without'],
    ...['read p50 ms', 'p99 ms', 'against without', 'rows/s of both sides'],
  ];
  return textTable([head, ...lines]);
}
