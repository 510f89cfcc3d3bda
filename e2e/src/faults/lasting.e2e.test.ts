// Faults that last or repeat, and their effect on the run and on the process.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunSpecInput } from '@rowparity/contracts';
import type { AppProcess } from '@rowparity/harness';
import { createTopic, denyWriting, ROOT, readReport, submitRun } from '@rowparity/harness';
import { breakable, connect, seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Fault, forMs } from './fault.ts';
import { faultSeed } from './seed.ts';
import { differencesFromCalm, type StormyRun, stormyRun } from './stormyRun.ts';
import { openWorld, type World } from './world.ts';

const ROWS = 2500;
/** The shop's tables, without those that the tests here add. */
const SHOP = { tables: [{ pattern: '*', exclude: ['poison', 'flood', 'lagging', 'sound'] }] };
const CRASH_ON_POISON = join(ROOT, 'e2e', 'src', 'faults', 'crashOnPoison.ts');

const random = seededRandom(faultSeed());
const say = (line: string) => console.log(line);
let world: World;
let calm: StormyRun;

beforeAll(async () => {
  world = await openWorld({ label: 'lasting', rows: ROWS, seed: 43, workers: 2, coordinators: 1 });
  calm = await run('calm');
  expect(differencesFromCalm(calm, calm, world)).toEqual([]);
});
beforeEach(() => world.restore());
afterAll(() => world?.[Symbol.asyncDispose]());

async function run(
  name: string,
  changes: Partial<RunSpecInput> = {},
  faults: readonly Fault[] = [],
): Promise<StormyRun> {
  return stormyRun(world, await world.spec(name, { ...SHOP, ...changes }), { faults, random, say });
}

/** On both sides. */
async function makeTable(...statements: readonly string[]): Promise<void> {
  for (const side of ['source', 'destination'] as const) {
    await world.administer(side, `USE ${world.database}`, ...statements);
  }
}

const numbered = (count: number, first = 0) =>
  Array.from({ length: count }, (_, id) => `(${first + id}, 'row ${first + id}')`).join();

const TOPICS = [
  {
    what: 'a topic that takes no message of this size',
    topic: 'for-the-very-small',
    prepare: (kafka: { brokers: readonly string[]; topic: string }) =>
      createTopic(kafka, { partitions: 1, config: { 'max.message.bytes': '90' } }),
  },
  {
    what: 'a topic without write permission',
    topic: 'read-only',
    prepare: async (kafka: { brokers: readonly string[]; topic: string }) => {
      await createTopic(kafka, { partitions: 1 });
      await denyWriting(kafka);
    },
  },
];

test.each(TOPICS)(
  '$what makes the shards with events inconclusive, and no others',
  async ({ topic, prepare }) => {
    const { brokers } = world.servers.kafka;
    await prepare({ brokers, topic });
    const few = { tables: [{ name: 'customers' }], shard: { rows: 60 } };
    const sound = (await run('topic', few)).report.shards;
    const { report, verdicts } = await run('topic', { ...few, events: { topic } });
    expect(report).toMatchObject({ verdict: 'inconclusive', complete: false });
    expect(new Set(report.failures.map(({ code }) => code))).toEqual(new Set(['EVENTS_NOT_ACKNOWLEDGED']));
    expect(report.failures[0]?.message).toContain(topic);
    const { match, inconclusive, differs } = report.shards;
    expect(differs).toBe(0);
    expect({ match, inconclusive }).toEqual({ match: sound.match, inconclusive: sound.differs });
    expect(verdicts).toEqual(new Set(['inconclusive']));
  },
);

test('a missing topic ends the run at once, before a row is read', async () => {
  const { report } = await run('topic', {
    ...{ tables: [{ name: 'customers' }], shard: { rows: 60 } },
    events: { topic: 'missing-topic' },
  });
  expect(report).toMatchObject({ verdict: 'inconclusive', complete: false });
  expect(report.failures[0]).toMatchObject({ code: 'TOPIC_NOT_FOUND' });
  expect(report.failures[0]?.message).toContain('"missing-topic"');
  expect(report.counts.rowsBase).toBe(0);
});

test('a shard that always crashes its worker ends inconclusive after twenty attempts, and the others go on', async () => {
  await makeTable(
    'CREATE TABLE poison (id INT PRIMARY KEY, v VARCHAR(40))',
    'CREATE TABLE sound (id INT PRIMARY KEY, v VARCHAR(40))',
    `INSERT INTO poison VALUES ${numbered(10)}`,
    `INSERT INTO sound VALUES ${numbered(2000)}`,
  );
  const { system } = world;
  const usual = system.apps('worker');
  await Promise.all(usual.map((worker) => system.end(worker, 'SIGTERM')));
  const crashes = await withFragileWorkers(async () => {
    const tables = [{ name: 'poison' }, { name: 'sound' }];
    const { report } = await run('poison', { tables, shard: { rows: 20 } });
    expect(report).toMatchObject({ verdict: 'inconclusive', complete: false });
    expect(report.failures).toMatchObject([{ code: 'ATTEMPTS_EXHAUSTED', table: 'poison' }]);
    expect(report.shards).toMatchObject({ inconclusive: 1, match: report.shards.total - 1 });
    expect(report.counts.rowsBase).toBe(2000);
  });
  expect(crashes).toBeGreaterThanOrEqual(20);
  expect(crashes).toBeLessThanOrEqual(22);
});

/** Two workers that crash on the poison table and are restarted each time. Returns the number of restarts. */
async function withFragileWorkers(work: () => Promise<void>): Promise<number> {
  const { system } = world;
  const env = { NODE_OPTIONS: `--import=${CRASH_ON_POISON}` };
  let isOver = false;
  let crashes = 0;
  const living = new Set<AppProcess>();
  const keepOne = async () => {
    while (!isOver) {
      const worker = await system.start('worker', env);
      system.expectEnd(worker);
      living.add(worker);
      if (isOver) void worker.stop();
      await worker.exited;
      living.delete(worker);
      if (!isOver) crashes += 1;
    }
  };
  const kept = Promise.all([keepOne(), keepOne()]);
  try {
    await work();
  } finally {
    isOver = true;
    await Promise.all([...living].map((worker) => worker.stop()));
    await kept;
  }
  return crashes;
}

test('thirty killed workers in one run fail no healthy shard', async () => {
  const { system, links } = world;
  await Promise.all([system.start('worker'), system.start('worker')]);
  // Each lives for some seconds, which is longer than any shard takes.
  const kills: Fault = {
    name: 'thirty workers are killed, two at a time',
    async strike() {
      for (let kills = 0; kills < 30; kills += 2) {
        const oldest = system.apps('worker').slice(0, 2);
        const started = Promise.all([system.start('worker'), system.start('worker')]);
        await forMs(random.int(0, 300));
        await Promise.all(oldest.map((worker) => system.end(worker, 'SIGKILL')));
        await started;
      }
    },
  };
  for (const link of [links.source, links.destination]) link.set({ kind: 'latency', ms: 10 });
  const changes = { shard: { rows: 10 }, recheck: { delaysMs: [500, 300] } };
  const stormy = await run('thirty', changes, [kills]);
  expect(stormy.struckAt).toHaveLength(1);
  expect(differencesFromCalm(stormy, calm, world)).toEqual([]);
});

test('while the brokers are gone workers wait without growing, and then nothing is missing', async () => {
  const rows = 30_000;
  await makeTable('CREATE TABLE flood (id INT PRIMARY KEY, v VARCHAR(40))');
  await world.administer('source', `INSERT INTO ${world.database}.flood VALUES ${numbered(rows)}`);
  const kafka = breakable(world.servers.kafka);
  const samples: number[] = [];
  const outage: Fault = {
    name: 'the brokers are gone for 15 s',
    async strike({ system }) {
      await kafka.kill();
      for (let second = 0; second < 15; second += 1) {
        await forMs(1000);
        samples.push(
          Math.max(...(await Promise.all(system.apps('worker').map(({ pid }) => residentMib(pid))))),
        );
      }
      await kafka.start();
    },
  };
  const tables = [{ name: 'flood' }];
  const shard = { rows: rows / 4, pageRows: 2000 };
  const { report, events, struckAt } = await run('flood', { tables, shard }, [outage]);
  say(`resident memory of a worker while the brokers were gone, MiB: ${samples.join(' ')}`);
  expect(struckAt).toHaveLength(1);
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true });
  expect(report.counts).toMatchObject({ targetMissing: rows, neq: 0, baseMissing: 0 });
  expect(new Set(events.map(({ headers }) => headers['rowparity-event-id'])).size).toBe(rows);
  const early = Math.max(...samples.slice(2, 7));
  expect(Math.max(...samples.slice(8))).toBeLessThan(early + 25);
});

async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
}

test('a destination that lags behind is found equal, not inconsistent', async () => {
  const rows = 1500;
  await makeTable('CREATE TABLE lagging (id INT PRIMARY KEY, v VARCHAR(40))');
  await world.administer('source', `INSERT INTO ${world.database}.lagging VALUES ${numbered(rows)}`);
  const spec = await world.spec('lag', { tables: [{ name: 'lagging' }], recheck: { delaysMs: [4000, 500] } });
  const running = stormyRun(world, spec, { faults: [], random, say });
  // The replica applies what the source wrote, a piece at a time, behind the run's back.
  const replica = await connect(world.servers.destination, world.database);
  for (let id = 0; id < rows; id += 100) {
    await replica.query(`INSERT INTO lagging VALUES ${numbered(100, id)}`);
    await forMs(150);
  }
  await replica.end();
  const { report, events } = await running;
  expect(report).toMatchObject({ verdict: 'consistent', complete: true });
  expect(report.counts.converged).toBeGreaterThan(20);
  expect(report.counts.candidates).toBe(report.counts.converged);
  expect(events).toEqual([]);
});

test('the shard of a killed worker is taken up by the next one, and it says how soon', async () => {
  const { system } = world;
  const { lockMs, stalledCheckMs } = system.times;
  const recheckMs = 2000;
  // One shard with one difference: the whole run is one worker waiting for its recheck.
  await makeTable('DROP TABLE IF EXISTS sound', 'CREATE TABLE sound (id INT PRIMARY KEY, v VARCHAR(40))');
  await world.administer('source', `INSERT INTO ${world.database}.sound VALUES ${numbered(1)}`);
  const spec = await world.spec('recovery', {
    tables: [{ name: 'sound' }],
    recheck: { delaysMs: [recheckMs] },
  });
  await submitRun(system.coordinatorUrl, spec);
  const reportNow = () => readReport(system.reporterUrl, spec.runId).catch(() => undefined);
  await expect.poll(async () => (await reportNow())?.shards.running, { interval: 10 }).toBe(1);
  const begin = performance.now();
  await Promise.all(system.apps('worker').map((worker) => system.end(worker, 'SIGKILL')));
  await system.start('worker');
  const startedMs = performance.now() - begin;
  await expect
    .poll(async () => (await reportNow())?.verdict, { interval: 20, timeout: 60_000 })
    .toBe('inconsistent');
  const ms = performance.now() - begin - recheckMs;
  say(
    `taken up ${Math.round(ms)} ms after SIGKILL: lock ${lockMs} ms, check ${stalledCheckMs} ms; the next worker took ${Math.round(startedMs)} ms to start`,
  );
});
