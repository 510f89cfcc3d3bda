// Migrations on real servers: the direction turns in the middle of runs, again and again, while processes are killed.
// What was switched is kept in a log, and every event is judged against it.

import { setTimeout as sleep } from 'node:timers/promises';
import { RowparityClient } from '@rowparity/client';
import type { Direction, MigrationAnswer, MigrationDefinitionInput, Stage } from '@rowparity/contracts';
import { readEvents, type System } from '@rowparity/harness';
import { seededRandom } from '@rowparity/testkit';
import { kafkaServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { faultSeed } from './faults/seed.ts';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const SHARD_ROWS = 100;
const DOUBLINGS = 7;
const ROWS = SHARD_ROWS * 2 ** DOUBLINGS;
/** It makes a page slow enough that a run is met in its middle. */
const WHERE = 'LENGTH(SHA2(REPEAT(text, 100), 256)) = 64';
const SWITCHES = 20;
/** A switch meets a run at any point of it, from its planning on. */
const PERCENT_MAX = 90;
/** So that the switch falls between two commits, too. */
const JITTER_MS_MAX = 50;
const KILL_WORKER_AT = 6;
const KILL_COORDINATOR_AT = 13;
const WAIT = { timeout: 60_000, interval: 50 };

let scene: Scene;
let client: RowparityClient;

beforeAll(async () => {
  scene = await openScene({
    ...{ label: 'migrations', redisDatabase: 8, workers: 2, concurrency: 2 },
    env: { ROWPARITY_ALLOW_PREDICATES: 'true' },
  });
  client = clientOf(scene.system);
  const first = Array.from({ length: SHARD_ROWS }, (_, id) => `(${id}, REPEAT('x', 1000))`).join(', ');
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE big (id INT PRIMARY KEY, text VARCHAR(1000) NOT NULL)',
    `INSERT INTO big VALUES ${first}`,
    ...Array.from(
      { length: DOUBLINGS },
      (_, i) => `INSERT INTO big SELECT id + ${SHARD_ROWS * 2 ** i}, text FROM big`,
    ),
  );
  // In every shard, so that a run finds something at any time.
  await execute(
    ...([scene.pair, 'destination'] as const),
    `DELETE FROM big WHERE id % ${SHARD_ROWS} = 7`,
    `UPDATE big SET text = 'other' WHERE id % ${SHARD_ROWS} = 50`,
  );
  await execute(scene.pair, 'source', `DELETE FROM big WHERE id % ${SHARD_ROWS} = 90`);
});

afterAll(() => scene?.[Symbol.asyncDispose]());

function clientOf({ coordinatorUrl: coordinator, reporterUrl: reporter }: System): RowparityClient {
  return new RowparityClient({ coordinator, reporter });
}

function definition(stage: Stage) {
  const {
    runId: _,
    direction: _way,
    ...template
  } = scene.spec('template', {
    tables: [{ name: 'big', where: WHERE }],
    shard: { rows: SHARD_ROWS },
    recheck: { delaysMs: [50, 50] },
  });
  return { version: 1, spec: template, stage } as const;
}

interface Seen {
  readonly ID: number;
  readonly Direction: Direction;
  readonly Type: string;
  readonly RunID: string;
  readonly Generation: number;
  readonly DetectedAt: string;
}

async function eventsOfAll(): Promise<readonly Seen[]> {
  const sent = await readEvents({ brokers: kafkaServer().brokers, topic: scene.topic });
  return sent.map(({ text }) => JSON.parse(text) as Seen);
}

/** A direction was valid from the first moment at which a switch to it may have held. */
interface Period {
  readonly direction: Direction;
  readonly from: number;
  /** The first moment at which the next switch is known to have held. */
  to: number;
}

/** What each row is in a direction, by the plants above. */
function expectedIn(direction: Direction): readonly string[] {
  const isSource = direction === 'SRC';
  const kinds = [
    [7, isSource ? 'target_missing' : 'base_missing'],
    [50, 'neq'],
    [90, isSource ? 'base_missing' : 'target_missing'],
  ] as const;
  const shards = Array.from({ length: ROWS / SHARD_ROWS }, (_, shard) => shard);
  return shards.flatMap((shard) => kinds.map(([id, type]) => `${shard * SHARD_ROWS + id} ${type}`)).sort();
}

const told = (events: readonly Seen[]) => [...new Set(events.map(({ ID, Type }) => `${ID} ${Type}`))].sort();

const stands = (id: string) => client.migrations.get(id);

async function untilBegun(id: string, number: number): Promise<MigrationAnswer> {
  return vi.waitFor(async () => {
    const found = await stands(id);
    expect(found.runs).toBeGreaterThanOrEqual(number);
    return found;
  }, WAIT);
}

/** Resolves also when the run has ended before. */
async function untilPercent(runId: string, percent: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const { state, percent: now } = await client.report(runId);
      expect(state === 'settled' ? 100 : now).toBeGreaterThanOrEqual(percent);
    },
    { ...WAIT, interval: 10 },
  );
}

async function replace(app: 'worker' | 'coordinator'): Promise<void> {
  const [victim] = scene.system.apps(app);
  if (!victim) throw new Error(`expected a ${app}, found none`);
  await scene.system.start(app);
  await scene.system.end(victim, 'SIGKILL');
  client = clientOf(scene.system);
}

test('the stage is switched 20 times in mid-run: no event has a wrong direction, and nothing is lost', async () => {
  const random = seededRandom(faultSeed());
  const id = 'turning';
  const periods: Period[] = [{ direction: 'SRC', from: Date.now(), to: Number.POSITIVE_INFINITY }];
  await client.migrations.put(id, definition('src_first'));
  await client.migrations.orderRun(id, { number: 1 });
  let ended = 0;
  for (let n = 1; n <= SWITCHES; n += 1) {
    const { runs } = await stands(id);
    const { stage, runId: current } = await untilBegun(id, Math.max(1, runs));
    await untilPercent(current ?? '', random.int(0, PERCENT_MAX));
    await sleep(random.int(0, JITTER_MS_MAX));
    if (n === KILL_WORKER_AT) await replace('worker');
    if (n === KILL_COORDINATOR_AT) await replace('coordinator');
    const next = stage === 'src_first' ? 'dst_first' : 'src_first';
    const from = Date.now();
    const switched = await client.migrations.switchStage(id, next, { expected: stage });
    const last = periods.at(-1);
    if (last) last.to = Date.now();
    periods.push({ direction: switched.direction, from, to: Number.POSITIVE_INFINITY });
    if (switched.ordered === null) await client.migrations.orderRun(id, { number: switched.runs + 1 });
    else ended += 1;
    await untilBegun(id, switched.runs + 1);
  }
  const { runId, direction, runs } = await stands(id);
  const report = await client.waitUntilSettled(runId ?? '', { pollMs: 100, signal: scene.system.broken });
  const events = await eventsOfAll();
  console.log(`${runs} runs, of which ${ended} were ended in their middle; ${events.length} events`);

  // The test has met runs in their middle, before and after their first events.
  expect(ended).toBeGreaterThan(SWITCHES / 2);
  const byRun = Map.groupBy(events, ({ RunID }) => RunID);
  expect(byRun.size).toBeGreaterThan(SWITCHES / 4);

  // No event has a direction that was not valid when its row was confirmed.
  const wrong = events.filter((event) => {
    const detectedAt = Date.parse(event.DetectedAt);
    return !periods.some(
      (period) =>
        period.direction === event.Direction && period.from <= detectedAt && detectedAt <= period.to,
    );
  });
  expect(wrong).toEqual([]);

  // Each run has one direction, its events are of it, and those that were counted were sent.
  for (let number = 1; number <= runs; number += 1) {
    const one = `${id}.${number}`;
    const found = await client.report(one);
    const own = byRun.get(one) ?? [];
    expect(own.every(({ Direction }) => Direction === found.direction)).toBe(true);
    expect(own.every(({ Generation }) => Generation === number)).toBe(true);
    expect(expectedIn(found.direction)).toEqual(expect.arrayContaining([...told(own)]));
    const { targetMissing, neq, baseMissing } = found.counts;
    expect(told(own).length).toBeGreaterThanOrEqual(targetMissing + neq + baseMissing);
  }

  // Nothing is lost: the run in the last direction has told every row.
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true, direction });
  expect(told(byRun.get(runId ?? '') ?? [])).toEqual(expectedIn(direction));
}, 400_000);

test('a switch that keeps the direction leaves the run under way alone', async () => {
  const id = 'steady';
  await client.migrations.put(id, definition('src_only'));
  await client.migrations.orderRun(id, { number: 1 });
  await untilBegun(id, 1);
  expect(await client.migrations.switchStage(id, 'src_first')).toMatchObject({ ordered: null, runs: 1 });
  const report = await client.waitUntilSettled(`${id}.1`, { pollMs: 100, signal: scene.system.broken });
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true, direction: 'SRC' });
});

test('a schedule goes on through kills: one run at a time, each with a number of its own', async () => {
  const id = 'scheduled';
  await client.migrations.put(id, { ...definition('src_first'), schedule: { everyMs: 1000 } });
  await untilBegun(id, 1);
  await replace('coordinator');
  await replace('worker');
  await untilBegun(id, 3);
  const reports = await Promise.all([1, 2].map((number) => client.report(`${id}.${number}`)));
  for (const report of reports) expect(report).toMatchObject({ verdict: 'inconsistent', complete: true });
  const [first, second] = reports;
  expect(second?.createdAt).toBeGreaterThanOrEqual((first?.settledAt ?? 0) + 1000);
  await client.migrations.delete(id).catch(async () => {
    await client.cancel((await stands(id)).runId ?? '');
  });
});

test('the gate opens, names what closes it, and opens again when all of it is gone', async () => {
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE small (id INT PRIMARY KEY, n INT)',
    'INSERT INTO small VALUES (1, 1), (2, 2), (3, 3)',
  );
  const id = 'gated';
  const { spec } = definition('src_first');
  const body: MigrationDefinitionInput = {
    version: 1,
    stage: 'src_first',
    spec: { ...spec, tables: [{ name: 'small' }] },
  };
  await client.migrations.put(id, body);
  const codes = async () => (await client.migrations.gate(id)).reasons.map(({ code }) => code);
  const run = async (number: number) => {
    await client.migrations.orderRun(id, { number });
    await untilBegun(id, number);
    await client.waitUntilSettled(`${id}.${number}`, { pollMs: 50, signal: scene.system.broken });
  };
  expect(await codes()).toEqual(['NO_RUN', 'NOT_QUIET']);
  await run(1);
  expect(await client.migrations.gate(id)).toMatchObject({
    ...{ ready: true, reasons: [], stage: 'src_first', direction: 'SRC' },
    ...{ lastRun: { runId: `${id}.1`, verdict: 'consistent' }, quiet: { runs: 1 } },
  });
  await execute(scene.pair, 'destination', 'UPDATE small SET n = 9 WHERE id = 2');
  await run(2);
  expect(await codes()).toEqual(['DIFFERENCES', 'NOT_QUIET']);
  await execute(scene.pair, 'destination', 'UPDATE small SET n = 2 WHERE id = 2');
  await execute(scene.pair, 'both', 'ALTER TABLE small ADD note INT');
  await run(3);
  expect(await codes()).toEqual(['SCHEMA_CHANGED_SINCE']);
  await run(4);
  expect(await codes()).toEqual([]);
  await client.migrations.switchStage(id, 'dst_first');
  expect(await codes()).toEqual(['DIRECTION', 'BEFORE_STAGE']);
  await run(5);
  expect(await client.migrations.gate(id, { quietRuns: '2' })).toMatchObject({
    ready: true,
    quiet: { runs: 3 },
  });
});
