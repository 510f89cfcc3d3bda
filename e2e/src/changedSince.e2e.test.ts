// Only the rows that changed since a time are compared: many of one time, commits that came late, clocks that differ,
// rows that are deleted while their keys are listed, and workers that are killed.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunReport, RunSpecInput } from '@rowparity/contracts';
import { LEFTOVERS, recheckRun, rowparityWith, submitRun, untilSettled } from '@rowparity/harness';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const ROWS = 3000;
const MINUTE_MS = 60_000;
const T0 = Date.parse('2026-11-20T12:00:00Z');
const LEDGER = join(LEFTOVERS, 'changed-since.sqlite');

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'changedSince', redisDatabase: 7, workers: 2 });
  const rows = Array.from({ length: ROWS }, (_, id) => `(${id + 1}, ${id}, '2026-11-01 00:00:00')`).join(
    ', ',
  );
  await execute(
    ...([scene.pair, 'both'] as const),
    "SET time_zone = '+00:00'",
    'CREATE TABLE orders (id INT PRIMARY KEY, amount INT NOT NULL, updated_at TIMESTAMP NOT NULL, KEY changed (updated_at))',
    `INSERT INTO orders VALUES ${rows}`,
  );
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await rm(LEDGER, { force: true });
});

const stamp = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const setAt = (ids: string, ms: number, amount = 'amount') =>
  [
    "SET time_zone = '+00:00'",
    `UPDATE orders SET amount = ${amount}, updated_at = '${stamp(ms)}' WHERE ${ids}`,
  ] as const;

function since(runId: string, ms: number, overlapMs: number, more: Partial<RunSpecInput> = {}): RunSpecInput {
  const changedSince = { time: new Date(ms).toISOString(), overlapMs };
  return scene.spec(runId, { changedSince, ...more });
}

async function settled(runId: string): Promise<RunReport> {
  const { reporterUrl, broken } = scene.system;
  return untilSettled({ reporterUrl, runId, signal: broken });
}

async function idsOf(runId: string): Promise<number[]> {
  return (await scene.eventsOf(runId)).map(({ text }) => JSON.parse(text).ID).sort((a, b) => a - b);
}

test('rows of one time are all compared; what did not change is out of sight, and no result is consistent', async () => {
  await execute(scene.pair, 'both', ...setAt('id <= 1000', T0));
  await execute(
    scene.pair,
    'destination',
    'UPDATE orders SET amount = -1, updated_at = updated_at WHERE id IN (7, 999, 2000)',
  );
  const report = await scene.run(since('equal-times', T0, 0));
  expect(report).toMatchObject({
    ...{ verdict: 'inconsistent', complete: false },
    counts: { rowsBase: 1000, rowsTarget: 1000, neq: 2 },
  });
  expect(await idsOf('equal-times')).toEqual([7, 999]);
  const { coordinatorUrl } = scene.system;
  expect(await recheckRun(coordinatorUrl, 'equal-times', { runId: 'its-differences' })).toMatchObject({
    status: 202,
  });
  expect(await settled('its-differences')).toMatchObject({
    verdict: 'inconsistent',
    counts: { knownStill: 2 },
  });
  await execute(
    scene.pair,
    'destination',
    'UPDATE orders SET amount = id - 1, updated_at = updated_at WHERE id IN (7, 999)',
  );
  expect(await scene.run(since('repaired', T0, 0))).toMatchObject({
    ...{ verdict: 'inconclusive', complete: false, failures: [{ code: 'CHANGED_ROWS_ONLY' }] },
    counts: { rowsBase: 1000, neq: 0 },
  });
  // The one that differs and did not change.
  expect((await scene.run(scene.spec('full'))).verdict).toBe('inconsistent');
  await execute(
    scene.pair,
    'destination',
    'UPDATE orders SET amount = id - 1, updated_at = updated_at WHERE id = 2000',
  );
});

test('a transaction that commits behind the run is found by the next one, whose overlap covers it', async () => {
  const began = T0 + 10 * MINUTE_MS;
  const late = await connect(scene.pair.source.server, scene.pair.source.name);
  await late.query('BEGIN');
  for (const statement of setAt('id = 1500', began - 2 * MINUTE_MS, '-5')) await late.query(statement);
  const first = await scene.run(since('before-commit', began - 3 * MINUTE_MS, 0));
  expect(first.counts).toMatchObject({ rowsBase: 0, neq: 0 });
  await late.query('COMMIT');
  await late.end();
  expect((await scene.run(since('no-overlap', began, 0))).counts.neq).toBe(0);
  await scene.run(since('overlap', began, 5 * MINUTE_MS));
  expect(await idsOf('overlap')).toEqual([1500]);
  await execute(scene.pair, 'destination', ...setAt('id = 1500', began - 2 * MINUTE_MS, '-5'));
});

test('a row that only the destination changed, whose clock is behind, is found within the overlap', async () => {
  const began = T0 + 20 * MINUTE_MS;
  await execute(scene.pair, 'destination', ...setAt('id = 1600', began - MINUTE_MS, '-6'));
  await execute(scene.pair, 'destination', 'DELETE FROM orders WHERE id = 1700');
  await scene.run(since('skew', began, 2 * MINUTE_MS));
  // Deletes are out of its sight.
  expect(await idsOf('skew')).toEqual([1600]);
  await execute(scene.pair, 'destination', ...setAt('id = 1600', T0, 'id - 1'));
  await execute(scene.pair, 'destination', "INSERT INTO orders VALUES (1700, 1699, '2026-11-01 00:00:00')");
});

test('rows that are deleted on both sides while their keys are listed raise no alarm, also when the workers are killed', async () => {
  const began = T0 + 30 * MINUTE_MS;
  await execute(scene.pair, 'both', ...setAt('id <= 3000', began));
  await execute(
    scene.pair,
    'destination',
    'UPDATE orders SET amount = -1, updated_at = updated_at WHERE id % 100 = 50',
  );
  const spec = since('deletes', began, 0, { recheck: { delaysMs: [8000, 8000] } });
  await submitRun(scene.system.coordinatorUrl, spec);
  let deleted = 0;
  const end = new AbortController();
  const deleting = (async () => {
    while (!end.signal.aborted && deleted < 1000) {
      const ids = Array.from({ length: 10 }, (_, i) => deleted + i + 1).filter((id) => id % 100 !== 50);
      await execute(scene.pair, 'both', `DELETE FROM orders WHERE id IN (${ids.join(', ')})`);
      deleted += 10;
    }
  })();
  const { system } = scene;
  await scene.until('deletes', ({ pending }) => pending.candidates > 0);
  for (const worker of system.apps('worker')) await system.end(worker, 'SIGKILL');
  await system.start('worker');
  const report = await settled('deletes');
  end.abort();
  await deleting;
  expect(deleted).toBeGreaterThan(50);
  expect(report).toMatchObject({
    verdict: 'inconsistent',
    counts: { targetMissing: 0, baseMissing: 0, unstable: 0 },
  });
  expect([...new Set(await idsOf('deletes'))]).toEqual(Array.from({ length: 30 }, (_, i) => 100 * i + 50));
});

test('on the command line: what changed is told, and that the rest was not compared', async () => {
  const env = {
    ROWPARITY_CONNECTION_SOURCE: scene.pair.source.url,
    ROWPARITY_CONNECTION_DESTINATION: scene.pair.destination.url,
  };
  const time = new Date(T0 + 40 * MINUTE_MS).toISOString();
  const flags = ['--changed-since', time, '--changed-overlap-ms', '0', '--ledger', LEDGER];
  const { code, output } = await rowparityWith(env, 'check', '--tables', 'orders', ...flags);
  expect(output).toContain('No row that changed since 2026-11-20 12:40:00.000 UTC');
  expect(code).toBe(3);
  const wrong = ['--changed-since', 'yesterday', '--strategy', 'checksum'];
  const refused = await rowparityWith(env, 'check', '--tables', 'orders', ...wrong);
  expect(refused).toMatchObject({ code: 2, output: expect.stringContaining('--changed-since') });
});
