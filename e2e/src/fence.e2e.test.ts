// The fence through the services: a replica that stands still, while workers and coordinators are killed.
import { decodeEvent, type RunReport } from '@rowparity/contracts';
import { submitRun, untilSettled } from '@rowparity/harness';
import { connect, createDatabase, databaseUrl, type ReplicaPair, startReplicaPair } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';

const DATABASE = 'fenced';
const ROWS = 2000;
const CHANGED = 300;
/** Each shard has changed rows, or one that differs for good. */
const SHARD_ROWS = 100;
const WAIT_MS_MAX = 120_000;
const flavour = () => sqlServer('source').flavour;

let pair: ReplicaPair;
let scene: Scene;

beforeAll(async () => {
  pair = await startReplicaPair(() => undefined, flavour());
  await createDatabase(pair.primary, DATABASE);
  await onPrimary(
    'CREATE TABLE accounts (id INT PRIMARY KEY, v INT NOT NULL)',
    `INSERT INTO accounts VALUES ${Array.from({ length: ROWS }, (_, id) => `(${id}, 0)`)}`,
  );
  await pair.untilEqual();
  await on(
    pair.replica,
    'UPDATE accounts SET v = -1 WHERE id = 1501',
    'DELETE FROM accounts WHERE id = 1601',
    `INSERT INTO accounts VALUES (${ROWS + 1}, 0)`,
  );
  scene = await openScene({
    label: 'fence',
    redisDatabase: 9,
    connections: () => ({
      primary: databaseUrl(pair.primary, DATABASE),
      replica: databaseUrl(pair.replica, DATABASE),
    }),
  });
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await pair?.stop();
});

async function on(server: ReplicaPair['primary'], ...statements: readonly string[]): Promise<void> {
  const admin = await connect(server, DATABASE);
  for (const sql of statements) await admin.query(sql);
  await admin.end();
}

function onPrimary(...statements: readonly string[]): Promise<void> {
  return on(pair.primary, ...statements);
}

/** Ordered while the replica stands still and some rows are on their way. */
async function orderedBehind(runId: string, direction: 'SRC' | 'DST'): Promise<void> {
  await pair.stopApplier();
  await onPrimary(`UPDATE accounts SET v = v + 1 WHERE id < ${CHANGED}`);
  const spec = scene.spec(runId, {
    ...{ direction, source: 'primary', destination: 'replica' },
    shard: { rows: SHARD_ROWS },
    recheck: { stillMs: 1000, maxWaitMs: 300_000 },
  });
  await submitRun(scene.system.coordinatorUrl, spec);
  await untilAllWait(runId);
}

/** Every shard was read; what is left waits for the replica alone. */
function untilAllWait(runId: string): Promise<RunReport> {
  return scene.until(
    runId,
    ({ shards: { planned, match, total, running, differs } }) =>
      planned === 0 && match === total - running - differs && running >= CHANGED / SHARD_ROWS,
  );
}

test.each(['SRC', 'DST'] as const)(
  'a replica that stands still while a worker and the coordinator are killed: only real differences are told; direction %s',
  async (direction) => {
    const runId = `behind-${direction}`;
    await orderedBehind(runId, direction);
    const { system } = scene;
    for (const victim of [system.apps('worker')[0], await system.leader()]) {
      if (victim) await system.end(victim, 'SIGKILL');
    }
    await Promise.all([system.start('coordinator'), system.start('worker')]);
    await untilAllWait(runId);
    await pair.startApplier();
    const signal = AbortSignal.any([system.broken, AbortSignal.timeout(WAIT_MS_MAX)]);
    const report = await untilSettled({ reporterUrl: system.reporterUrl, runId, signal });
    expect(report).toMatchObject({
      verdict: 'inconsistent',
      complete: true,
      counts: { neq: 1, targetMissing: 1, baseMissing: 1, unstable: 0 },
    });
    const events = (await scene.eventsOf(runId)).map(({ text }) => decodeEvent(text));
    const found = new Set(events.map(({ ID, Type }) => `${ID} ${Type}`));
    const [missing, extra] =
      direction === 'SRC' ? ['target_missing', 'base_missing'] : ['base_missing', 'target_missing'];
    expect(found).toEqual(new Set(['1501 neq', `1601 ${missing}`, `${ROWS + 1} ${extra}`]));
  },
);

test('a history that begins anew while candidates wait: the run is inconclusive and says why', async () => {
  await orderedBehind('lost', 'SRC');
  await onPrimary(flavour() === 'mariadb' ? 'RESET MASTER' : 'RESET BINARY LOGS AND GTIDS');
  const { system } = scene;
  const signal = AbortSignal.any([system.broken, AbortSignal.timeout(WAIT_MS_MAX)]);
  const report = await untilSettled({ reporterUrl: system.reporterUrl, runId: 'lost', signal });
  expect(report.failures.map(({ code }) => code)).toContain('POSITION_LOST');
  expect(report.tables).toMatchObject([{ name: 'accounts', outcome: 'inconclusive' }]);
  expect(report.complete).toBe(false);
});
