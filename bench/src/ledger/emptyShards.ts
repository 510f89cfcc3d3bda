/**
 * A run of thousands of shards without a row, through the processes of the product: coordinator, queue, workers,
 * ledger. What it takes is what a shard costs beside its rows. The planner would make one shard of an empty table, so
 * its plan is written in its place; schemas, table plan and all that follows are the real ones.
 */
import { runSpec, type TableRecord } from '@rowparity/contracts';
import { type Ledger, planRun } from '@rowparity/core';
import { type System, untilSettled } from '@rowparity/harness';
import { connectionUrl, openConnections, SqlCatalog } from '@rowparity/mysql';
import { systemClock } from '@rowparity/runtime';
import { connect, createDatabase, databaseUrl, type SqlServer } from '@rowparity/testkit';
import { byApp, type CpuReading, cpuBetween, readCpu } from '../shared/cpuReading.ts';
import { busyBetween, cpuTimes } from '../shared/machineBusy.ts';
import { type Redis, redisUsage } from '../shared/redisUsage.ts';
import { workedMs } from './workedMs.ts';
import { shardsOf } from './writeRun.ts';

const DATABASE = 'bench_empty';
/** Time between two reports: frequent requests would be part of the measurement. */
const POLL_MS = 500;

export interface SqlServers {
  readonly source: SqlServer;
  readonly destination: SqlServer;
}

export function connectionsOf({ source, destination }: SqlServers, database = DATABASE) {
  return { source: databaseUrl(source, database), destination: databaseUrl(destination, database) };
}

export async function makeEmptyTable({ source, destination }: SqlServers): Promise<void> {
  for (const server of [source, destination]) {
    await createDatabase(server, DATABASE);
    const connection = await connect(server, DATABASE);
    await connection.query(
      'CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, status VARCHAR(20) NOT NULL, total DECIMAL(10,2))',
    );
    await connection.end();
  }
}

export interface EmptyRun {
  readonly runId: string;
  readonly shards: number;
  readonly window?: number;
}

/** Leaves the run `running`, for the leading coordinator. */
export async function planEmpty(
  ledger: Ledger,
  urls: Readonly<Record<string, string>>,
  { runId, shards, window }: EmptyRun,
): Promise<void> {
  const spec = runSpec.parse({
    version: 1,
    runId,
    source: 'source',
    destination: 'destination',
    direction: 'SRC',
    tables: [{ name: 'orders' }],
    shard: window ? { window } : {},
  });
  await ledger.createRun(spec, Date.now());
  const planning = await ledger.beginPlanning(runId);
  const run = await ledger.getRun(runId);
  if (!run) throw new Error('the run was not created');
  const byName = new Map(
    Object.entries(urls).map(([name, url]) => [name.toUpperCase(), connectionUrl.parse(url)] as const),
  );
  const connections = openConnections(byName, { idleMax: 2 });
  const written: Ledger = {
    ...ledger,
    addShards: (begun) => ledger.addShards(begun, shardsOf({ from: 0, upTo: shards, shards })),
    completePlan: (planning, plan) => {
      const tables = plan.tables.map((table): TableRecord => ({ ...table, shards }));
      return ledger.completePlan(planning, { ...plan, tables });
    },
  };
  const catalog = (ref: string) => new SqlCatalog(connections.pool(ref));
  const { signal } = new AbortController();
  await planRun({ run, planning }, { ledger: written, clock: systemClock, catalog }, signal);
  await connections.close();
}

export interface EmptyMeasured {
  readonly shards: number;
  readonly workers: number;
  /** From the first claim to the last outcome. */
  readonly seconds: number;
  readonly shardsPerSecond: number;
  /** Processor milliseconds a shard. */
  readonly cpuMsPerShard: CpuReading;
  readonly redisCommandsPerShard: number;
  /** Of the whole machine, 0 to 1. */
  readonly machineBusy: number;
}

/** Carries the run to its end: `lead` lets a coordinator begin. */
export async function carryEmpty(
  { system, redis, ledger }: { readonly system: System; readonly redis: Redis; readonly ledger: Ledger },
  { runId, shards }: EmptyRun,
  lead: () => Promise<void>,
): Promise<EmptyMeasured> {
  const pids = () =>
    Object.fromEntries(
      (['coordinator', 'worker', 'reporter'] as const).flatMap((app) =>
        system.apps(app).map(({ name, pid }) => [name, pid]),
      ),
    );
  const before = { cpu: await readCpu(redis, pids()), usage: await redisUsage(redis), machine: cpuTimes() };
  await lead();
  const { reporterUrl, broken } = system;
  const report = await untilSettled({ reporterUrl, runId, signal: broken, pollMs: POLL_MS });
  const after = { cpu: await readCpu(redis, pids()), usage: await redisUsage(redis), machine: cpuTimes() };
  if (report.verdict !== 'consistent')
    throw new Error(`the run ended ${report.verdict}: ${JSON.stringify(report.failures[0])}`);
  const seconds = (await workedMs(ledger, runId, shards)) / 1000;
  const cpu = Object.entries(byApp(cpuBetween(before.cpu, after.cpu)));
  return {
    shards,
    workers: system.apps('worker').length,
    seconds,
    shardsPerSecond: shards / seconds,
    cpuMsPerShard: Object.fromEntries(cpu.map(([name, used]) => [name, (used * 1000) / shards])),
    redisCommandsPerShard: (after.usage.commands - before.usage.commands) / shards,
    machineBusy: busyBetween(before.machine, after.machine),
  };
}
