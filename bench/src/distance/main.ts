/**
 * `npm run bench:distance`: servers that are far away. Each connection goes through a proxy that brings every piece
 * late, in both directions. Many small tables show the round trips; one table shows how streams add up.
 */
import { connect, createDatabase, databaseUrl, type SqlServer, startServers } from '@rowparity/testkit';
import { behindSlowLink } from '../fleet/slowServers.ts';
import { makeNumbers } from '../peers/numbers.ts';
import { installRowparity } from '../peers/rowparityPeer.ts';
import { type CheckMeasured, measureCheck } from '../shared/checkProcess.ts';
import { flagsOrExit } from '../shared/flags.ts';
import { machine, say, serverNames, writeResult } from '../shared/result.ts';
import { textTable } from '../shared/textTable.ts';
import { median } from '../shared/timing.ts';
import type { DistanceResult, Measured } from './distanceResult.ts';

const [MANY, ONE] = ['many', 'one'] as const;
const STREAMS = [1, 2, 4, 8] as const;
const KIB = 1024;

const flags = flagsOrExit({
  command: 'bench:distance',
  about:
    'Tables behind a link that is late and narrow for each connection: many small ones, and one by more streams.',
  numbers: {
    ...{ tables: 500, 'table-rows': 1000, rows: 1_000_000, repeats: 3 },
    ...{ 'latency-ms': 10, 'kib-per-second': 8192 },
  },
  jsonFile: '.rowparity/distance.json',
});

const program = await installRowparity(say);
const servers = await startServers({ want: ['sql'], say });
try {
  const before = machine();
  say(`making ${flags.tables} tables of ${flags['table-rows']} rows and one of ${flags.rows}`);
  for (const server of [servers.source, servers.destination]) await makeTables(server);
  const near = await measureMany('beside the servers', urlsOf(MANY));
  const link = { latencyMs: flags['latency-ms'], bytesPerSecond: 1024 * KIB * KIB };
  const far = await behind(MANY, link, (urls) => measureMany('far away', urls));
  const narrow = { latencyMs: flags['latency-ms'], bytesPerSecond: flags['kib-per-second'] * KIB };
  const streams = await behind(ONE, narrow, measureStreams);
  process.stdout.write(`${tableOf([near, far])}\n\n${tableOf(streams)}\n`);
  const result: DistanceResult = {
    ...{ machine: before, servers: serverNames(servers.source, servers.destination) },
    ...{ roundTripMs: 2 * flags['latency-ms'], tables: flags.tables, many: { near, far }, streams },
  };
  await writeResult(flags.jsonFile, result);
} finally {
  await servers.stop();
}

async function makeTables(server: SqlServer): Promise<void> {
  const sizes = [
    { database: MANY, tables: flags.tables, rows: flags['table-rows'] },
    { database: ONE, tables: 1, rows: flags.rows },
  ];
  for (const { database, tables, rows } of sizes) {
    await createDatabase(server, database);
    const connection = await connect(server, database);
    await makeNumbers(connection, rows);
    for (let i = 0; i < tables; i += 1) {
      await connection.query(`CREATE TABLE t${i} (id BIGINT NOT NULL PRIMARY KEY, v VARCHAR(40) NOT NULL)`);
      await connection.query(`INSERT INTO t${i} SELECT n, CONCAT('value ', n) FROM numbers`);
      await connection.query(`ANALYZE TABLE t${i}`);
    }
    await connection.query('DROP TABLE numbers');
    await connection.end();
  }
}

function urlsOf(database: string): readonly string[] {
  return [servers.source, servers.destination].map((server) => databaseUrl(server, database));
}

async function behind<T>(
  database: string,
  link: Parameters<typeof behindSlowLink>[2],
  measure: (urls: readonly string[]) => Promise<T>,
): Promise<T> {
  const both = [servers.source, servers.destination];
  const links = await Promise.all(both.map((server) => behindSlowLink(server, database, link)));
  try {
    return await measure(links.map(({ url }) => url));
  } finally {
    await Promise.all(links.map((one) => one.close()));
  }
}

async function measureMany(name: string, urls: readonly string[]): Promise<Measured> {
  return measured(`${flags.tables} tables, ${name}`, urls, []);
}

async function measureStreams(urls: readonly string[]): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const streams of STREAMS) {
    const args = ['--concurrency', String(streams), '--shard-rows', String(Math.ceil(flags.rows / 16))];
    all.push(await measured(`1 table, ${streams} at once`, urls, args));
  }
  return all;
}

async function measured(name: string, urls: readonly string[], args: readonly string[]): Promise<Measured> {
  const checks: CheckMeasured[] = [];
  const before = await questionsOf(servers.source);
  for (let round = 0; round < flags.repeats; round += 1) {
    checks.push(await measureCheck(program, [...urls, '--tables', '*', ...args]));
    say(`${name}: ${checks.at(-1)?.seconds.toFixed(2)} s`);
  }
  return { name, checks, questions: (await questionsOf(servers.source)) - before };
}

async function questionsOf(server: SqlServer): Promise<number> {
  const connection = await connect(server);
  const [rows] = await connection.query("SHOW GLOBAL STATUS LIKE 'Queries'");
  await connection.end();
  return Number((rows as { readonly Value: string }[])[0]?.Value);
}

function tableOf(all: readonly Measured[]): string {
  return textTable([
    ['', 's', 'lowest', 'highest', 'peak MiB'],
    ...all.map(({ name, checks }) => {
      const seconds = checks.map((check) => check.seconds);
      const peak = Math.max(...checks.map(({ peakMiB }) => peakMiB));
      return [name, median(seconds), Math.min(...seconds), Math.max(...seconds), peak];
    }),
  ]);
}
