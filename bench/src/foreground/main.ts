/**
 * `npm run bench:foreground`: how long an application's transactions and reads take on a server alone, beside a check
 * without a budget, and beside checks with one. In turns, so that others on the machine disturb all alike.
 */
import { createShop, databaseUrl, startServers } from '@rowparity/testkit';
import { flagsOrExit } from '../shared/flags.ts';
import { machine, say, writeResult } from '../shared/result.ts';
import { textTable } from '../shared/textTable.ts';
import { median } from '../shared/timing.ts';
import { type Checks, keepChecking } from './checks.ts';
import { type Latencies, makeForegroundTable, percentile, runForeground } from './foreground.ts';

const DATABASE = 'bench_foreground';
/** The share of the shop's rows that are orders. */
const ORDERS_SHARE = 0.3;
const CONCURRENCY = ['--concurrency', '8'];

const flags = flagsOrExit({
  command: 'bench:foreground',
  about: 'Latency of a foreground writer and reader, without Rowparity, with it, and with a budget.',
  numbers: {
    rows: 300_000,
    writes: 300,
    reads: 300,
    seconds: 10,
    rounds: 5,
    'rows-per-second': 20_000,
  },
  jsonFile: '.rowparity/bench-foreground.json',
});

const WAYS: readonly { readonly name: string; readonly check?: readonly string[] }[] = [
  { name: 'without Rowparity' },
  { name: 'check, no budget', check: CONCURRENCY },
  { name: '--max-streams 1', check: [...CONCURRENCY, '--max-streams', '1'] },
  {
    name: `--max-streams 1 --max-rows-per-second ${flags['rows-per-second']}`,
    check: [...CONCURRENCY, '--max-streams', '1', '--max-rows-per-second', `${flags['rows-per-second']}`],
  },
];

interface Round {
  readonly way: string;
  readonly write: { readonly p50: number; readonly p99: number };
  readonly read: { readonly p50: number; readonly p99: number };
  readonly rowsPerSecond: number;
}

const servers = await startServers({ want: ['sql'], say });
try {
  const before = machine();
  const rows = Math.round(flags.rows / ORDERS_SHARE);
  await createShop({ servers, database: DATABASE, rows, seed: 1, tables: ['orders'], say });
  await makeForegroundTable(servers.source, DATABASE);
  const rounds: Round[] = [];
  for (let round = 0; round < flags.rounds; round += 1) {
    for (const way of WAYS) rounds.push(await measure(way));
  }
  process.stdout.write(`${tableOf(rounds)}\n`);
  await writeResult(flags.jsonFile, { machine: before, after: machine(), flags, rounds });
} finally {
  await servers.stop();
}

async function measure({ name, check }: (typeof WAYS)[number]): Promise<Round> {
  const ending = new AbortController();
  const { source, destination } = servers;
  const urls = [databaseUrl(source, DATABASE), databaseUrl(destination, DATABASE)] as const;
  const checking = check && keepChecking({ urls, flags: check, signal: ending.signal });
  const rates = { writesPerSecond: flags.writes, readsPerSecond: flags.reads };
  const measuring = runForeground(source, DATABASE, { rates, ms: flags.seconds * 1000 });
  // A check that fails ends the measurement at once, and not after it.
  const latencies = await Promise.race([measuring, ...(checking ? [checking.then(() => measuring)] : [])]);
  ending.abort();
  const round = roundOf(name, latencies, await checking);
  say(`${name}: write p99 ${round.write.p99.toFixed(1)} ms, read p99 ${round.read.p99.toFixed(1)} ms`);
  return round;
}

function roundOf(way: string, { writes, reads }: Latencies, checks: Checks | undefined): Round {
  const sharesOf = (sorted: readonly number[]) => ({
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  });
  return {
    way,
    write: sharesOf(writes),
    read: sharesOf(reads),
    rowsPerSecond: checks ? Math.round(checks.rows / checks.seconds) : 0,
  };
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
