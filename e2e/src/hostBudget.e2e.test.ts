// The budget of a database server, seen from the server: what its own list of processes shows of us.

import { setTimeout as sleep } from 'node:timers/promises';
import type { RunReport } from '@rowparity/contracts';
import { submitRun, untilSettled } from '@rowparity/harness';
import { connect, otherSessions, type SideName, startTcpProxy, type TcpProxy } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

/** Places on each server. Eight workers of concurrency 4 would take 32. */
const STREAMS = 3;
const SHARD_ROWS = 500;
const DOUBLINGS = 4;
/** It makes a statement work for long enough to be seen. */
const WHERE = 'LENGTH(SHA2(REPEAT(text, 100), 256)) = 64';
const WAIT = { timeout: 100_000, interval: 20 };
const SIDES: readonly SideName[] = ['source', 'destination'];

/** How a statement that reads a page begins. */
const PAGE = 'SELECT `id`, `text` FROM';

let scene: Scene;
const links: TcpProxy[] = [];
let admins: Awaited<ReturnType<typeof connect>>[];

beforeAll(async () => {
  for (const side of SIDES) links.push(await startTcpProxy(sqlServer(side)));
  scene = await openScene({
    ...{ label: 'hostBudget', redisDatabase: 15, workers: 2, concurrency: 4 },
    env: {
      ROWPARITY_MAX_STREAMS: String(STREAMS),
      ROWPARITY_ALLOW_PREDICATES: 'true',
      ROWPARITY_THROTTLE_QUERY: 'SELECT COUNT(*) FROM freeze',
    },
    // Two names and two addresses for each server.
    connections: ({ source, destination }) => ({
      source_too: through(source.url, 0),
      destination_too: through(destination.url, 1),
    }),
  });
  const doubled = Array.from(
    { length: DOUBLINGS },
    (_, i) => `INSERT INTO big SELECT id + ${SHARD_ROWS * 2 ** i}, text FROM big`,
  );
  const first = Array.from({ length: SHARD_ROWS }, (_, id) => `(${id}, REPEAT('x', 1000))`).join(', ');
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE freeze (id INT PRIMARY KEY)',
    'CREATE TABLE big (id INT PRIMARY KEY, text VARCHAR(1000) NOT NULL)',
    `INSERT INTO big VALUES ${first}`,
    ...doubled,
  );
  admins = await Promise.all(SIDES.map((side) => connect(scene.pair[side].server, scene.pair[side].name)));
});

afterAll(async () => {
  await Promise.all((admins ?? []).map((admin) => admin.end()));
  await scene?.[Symbol.asyncDispose]();
  await Promise.all(links.map((link) => link.close()));
});

function through(url: string, link: number): string {
  const there = new URL(url);
  there.host = `${links[link]?.host}:${links[link]?.port}`;
  return there.href;
}

/** Statements of ours that read pages now, on the busier server. */
async function running(): Promise<number> {
  const { name } = scene.pair.source;
  const counts = await Promise.all(
    admins.map(async (admin) => {
      const sessions = await otherSessions(admin);
      const isReading = ({ database, command, statement }: (typeof sessions)[number]) =>
        database === name && command !== 'Sleep' && statement?.startsWith(PAGE) === true;
      return sessions.filter(isReading).length;
    }),
  );
  return Math.max(...counts);
}

/**
 * The most that ran at three looks in a row. A statement whose last row was read is listed for a moment longer, beside
 * the one that took its place.
 */
class Watched {
  readonly #last: number[] = [];
  most = 0;
  looks = 0;

  async look(): Promise<void> {
    this.#last.push(await running());
    this.looks += 1;
    if (this.#last.length < 3) return;
    this.most = Math.max(this.most, Math.min(...this.#last));
    this.#last.shift();
  }
}

async function runTwice(label: string, watched: Watched): Promise<readonly RunReport[]> {
  const names = [label, `${label}-too`];
  const [one, other] = names;
  const spec = { tables: [{ name: 'big', where: WHERE }], shard: { rows: SHARD_ROWS } };
  await submitRun(scene.system.coordinatorUrl, scene.spec(one as string, spec));
  const too = { ...spec, source: 'source_too', destination: 'destination_too' };
  await submitRun(scene.system.coordinatorUrl, scene.spec(other as string, too));
  let isOver = false;
  const looking = (async () => {
    while (!isOver) await watched.look();
  })();
  const { reporterUrl } = scene.system;
  const reports = await Promise.all(
    names.map((runId) => untilSettled({ reporterUrl, runId, signal: scene.system.broken })),
  ).finally(() => {
    isOver = true;
  });
  await looking;
  return reports;
}

const consistent = {
  verdict: 'consistent',
  complete: true,
  counts: { rowsBase: SHARD_ROWS * 2 ** DOUBLINGS },
};

test('with two workers and with eight, two runs by other names stay within the places of a server', async () => {
  const two = new Watched();
  expect(await runTwice('two', two)).toMatchObject([consistent, consistent]);
  await Promise.all(Array.from({ length: 6 }, () => scene.system.start('worker')));
  const eight = new Watched();
  expect(await runTwice('eight', eight)).toMatchObject([consistent, consistent]);
  expect([two.most, eight.most]).toEqual([STREAMS, STREAMS]);
});

test('a signal stops every new statement, the report says why, and the run goes on afterwards', async () => {
  const runId = 'frozen';
  const spec = scene.spec(runId, { tables: [{ name: 'big', where: WHERE }], shard: { rows: SHARD_ROWS } });
  await submitRun(scene.system.coordinatorUrl, spec);
  await vi.waitFor(async () => expect(await running()).toBeGreaterThan(0), WAIT);
  await execute(scene.pair, 'source', 'INSERT INTO freeze VALUES (1), (2)');
  const report = () =>
    fetch(`${scene.system.reporterUrl}/v1/runs/${runId}/report`).then(
      (answer) => answer.json() as Promise<RunReport>,
    );
  await vi.waitFor(async () => {
    expect((await report()).pauses).toMatchObject([
      { to: null, reasons: [{ kind: 'query', message: 'the throttle query gave 2, which is above 0' }] },
    ]);
  }, WAIT);
  await vi.waitFor(async () => expect(await running()).toBe(0), WAIT);
  const { counts } = await report();
  for (let look = 0; look < 100; look += 1) {
    expect(await running()).toBe(0);
    await sleep(20);
  }
  expect((await report()).state).toBe('running');
  expect((await report()).counts.rowsBase).toBeLessThan(SHARD_ROWS * 2 ** DOUBLINGS);
  expect((await report()).counts.rowsBase - counts.rowsBase).toBeLessThanOrEqual(STREAMS * SHARD_ROWS);
  const workers = scene.system.apps('worker');
  for (const { url } of workers) expect((await fetch(`${url}/livez`)).status).toBe(200);
  const metrics = await Promise.all(
    workers.map(({ url }) => fetch(`${url}/metrics`).then((answer) => answer.text())),
  );
  expect(metrics.join('\n')).toMatch(/rowparity_host_throttled_total\{[^}]*reason="query"[^}]*\} [1-9]/);
  expect(metrics.join('\n')).toMatch(
    /rowparity_host_throttled_seconds_total\{[^}]*reason="query"[^}]*\} [1-9]/,
  );
  await execute(scene.pair, 'source', 'DELETE FROM freeze');
  const { reporterUrl, broken } = scene.system;
  expect(await untilSettled({ reporterUrl, runId, signal: broken })).toMatchObject({
    ...consistent,
    pauses: [],
  });
});
