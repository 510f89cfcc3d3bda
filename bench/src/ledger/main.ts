/** `npm run bench:ledger`: the load that the ledger takes, and what a shard costs beside its rows. */
import { DEFAULT_TOPIC } from '@rowparity/contracts';
import { createTopic, startSystem } from '@rowparity/harness';
import { closeRedis, createRedisLedger } from '@rowparity/redis';
import { systemClock } from '@rowparity/runtime';
import { startServers } from '@rowparity/testkit';
import { flagsOrExit } from '../shared/flags.ts';
import { openRedis, type Redis } from '../shared/redisUsage.ts';
import { machine, say, writeResult } from '../shared/result.ts';
import { textTable } from '../shared/textTable.ts';
import { carryEmpty, connectionsOf, type EmptyMeasured, makeEmptyTable, planEmpty } from './emptyShards.ts';
import { type CutMeasured, measureCuts } from './measureCuts.ts';
import { type LooksMeasured, looksTable, measureLooks } from './measureLooks.ts';
import { measurePlan, type PlanMeasured } from './measurePlan.ts';
import { measureWrites, type WritesMeasured } from './measureWrites.ts';

const CLIENTS = [1, 8] as const;
/** Beside many: what is looked at often must not grow with the tables. */
const FEW_TABLES = 10;
/** Small, so that a table that is quickly made has thousands of shards. */
const CUT_ROWS_A_SHARD = 30;
/** As in production; the end-to-end tests have shorter ones. */
const TIMES = { lockMs: 60_000, stalledCheckMs: 15_000, leaseMs: 8000 };

const flags = flagsOrExit({
  command: 'bench:ledger',
  about:
    'A large plan in Redis, its writes a second, what looks at runs of many tables cost, and shards without rows through real processes.',
  numbers: {
    shards: 1_000_000,
    'cut-rows': 300_000,
    writes: 20_000,
    'empty-shards': 10_000,
    workers: 2,
    concurrency: 4,
    window: 256,
    repeats: 3,
    tables: 1000,
  },
  jsonFile: '.rowparity/bench-ledger.json',
});

const servers = await startServers({ want: ['sql', 'redis', 'kafka'], say });
const redis = openRedis(servers.redis.url);
try {
  const before = machine();
  const plan = await measurePlan(
    { redis, ledger: createRedisLedger(redis, { clock: systemClock }) },
    { runId: 'plan', shards: flags.shards },
  );
  say(`${plan.shards} shards planned`);
  const cuts = await measureCuts(servers, { rows: flags['cut-rows'], rowsAShard: CUT_ROWS_A_SHARD });
  say(`${cuts.shards} shards cut`);
  const writes = await measureAllWrites();
  await redis.flushall();
  const looks = await measureAllLooks();
  const empty = await measureEmpty(redis);
  process.stdout.write(`${tablesOf({ plan, cuts, writes, looks, empty })}\n`);
  await writeResult(flags.jsonFile, { machine: before, plan, cuts, writes, looks, empty });
} finally {
  await closeRedis(redis);
  await servers.stop();
}

async function measureAllWrites(): Promise<WritesMeasured[]> {
  const all: WritesMeasured[] = [];
  const shards = Math.min(flags.writes, Math.floor(flags.shards / CLIENTS.length));
  for (const [place, clients] of CLIENTS.entries()) {
    const common = { redisUrl: servers.redis.url, redis, runId: 'plan', clients };
    all.push(await measureWrites({ ...common, from: place * shards, shards }));
    say(`writes of ${clients} at once`);
  }
  return all;
}

async function measureAllLooks(): Promise<LooksMeasured[]> {
  const all: LooksMeasured[] = [];
  for (const tables of [FEW_TABLES, flags.tables]) {
    all.push(await measureLooks({ redis, redisUrl: servers.redis.url }, { tables }));
    await redis.flushall();
    say(`looks at runs of ${tables} tables`);
  }
  return all;
}

async function measureEmpty(redis: Redis): Promise<EmptyMeasured[]> {
  await makeEmptyTable(servers);
  // A worker refuses a run whose events cannot be sent.
  await createTopic({ brokers: servers.kafka.brokers, topic: DEFAULT_TOPIC }, { partitions: 1 });
  const urls = connectionsOf(servers);
  const system = await startSystem({
    label: 'bench-ledger',
    redisUrl: servers.redis.url,
    brokers: servers.kafka.brokers,
    connections: urls,
    coordinators: 0,
    workers: flags.workers,
    concurrency: flags.concurrency,
    times: TIMES,
  });
  try {
    const ledger = createRedisLedger(redis, { clock: systemClock });
    const all: EmptyMeasured[] = [];
    for (let round = 0; round < flags.repeats; round += 1) {
      const run = { runId: `empty-${round}`, shards: flags['empty-shards'], window: flags.window };
      await planEmpty(ledger, urls, run);
      // A coordinator that found the run unplanned would plan it itself.
      const measured = await carryEmpty({ system, redis, ledger }, run, async () => {
        await system.start('coordinator');
      });
      say(`${run.shards} empty shards: ${Math.round(measured.shardsPerSecond)} a second`);
      all.push(measured);
      for (const app of system.apps('coordinator')) await system.end(app, 'SIGTERM');
    }
    return all;
  } finally {
    await system.stop();
  }
}

interface AllMeasured {
  readonly plan: PlanMeasured;
  readonly cuts: CutMeasured;
  readonly writes: readonly WritesMeasured[];
  readonly looks: readonly LooksMeasured[];
  readonly empty: readonly EmptyMeasured[];
}

function tablesOf({ plan, cuts, writes, looks, empty }: AllMeasured): string {
  const planned = [
    ['plan', 'seconds', 'Redis CPU s', 'MiB', 'bytes/shard'],
    [
      `${plan.shards} shards`,
      plan.seconds,
      plan.redisCpuSeconds,
      plan.memoryMiB,
      Math.round(plan.bytesPerPlannedShard),
    ],
  ];
  const cut = [
    ['cut from a table', 'rows', 'seconds', 'shards a second'],
    [`${cuts.shards} shards`, cuts.rows, cuts.seconds, Math.round(cuts.shards / cuts.seconds)],
  ];
  const written = [
    ['writes a second', 'claim', 'commit', 'finish', 'Redis µs each', 'bytes/done shard'],
    ...writes.map(({ clients, perSecond, redisMicros, bytesPerDoneShard }) => [
      `${clients} at once`,
      Math.round(perSecond.claim),
      Math.round(perSecond.commit),
      Math.round(perSecond.finish),
      Object.values(redisMicros).map(Math.round).join(' '),
      Math.round(bytesPerDoneShard),
    ]),
  ];
  const names = Object.keys(empty[0]?.cpuMsPerShard ?? {});
  const carried = [
    [
      'empty shards',
      'seconds',
      'a second',
      'machine busy',
      'Redis commands each',
      ...names.map((name) => `${name} ms`),
    ],
    ...empty.map((one) => [
      `${one.shards} by ${one.workers} workers`,
      one.seconds,
      Math.round(one.shardsPerSecond),
      `${(one.machineBusy * 100).toFixed(0)} %`,
      one.redisCommandsPerShard,
      ...names.map((name) => one.cpuMsPerShard[name] ?? Number.NaN),
    ]),
  ];
  return [planned, cut, written, looksTable(looks), carried].map(textTable).join('\n\n');
}
