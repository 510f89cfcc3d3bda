// A part of a settled run is compared anew and the rest is inherited: what report, certificate and topic say of it.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunReport } from '@rowparity/contracts';
import { cancelRun, LEFTOVERS, rerunRun, rowparity, submitRun, untilSettled } from '@rowparity/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const ROWS = 4000;
const SHARD_ROWS = 250;
const WHERE = 'LENGTH(SHA2(REPEAT(amount, 20000), 256)) = 64';
const FILE = join(LEFTOVERS, 'rerun.ndjson');

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({
    ...{ label: 'rerun', redisDatabase: 12, workers: 2 },
    env: { ROWPARITY_ALLOW_PREDICATES: 'true' },
  });
  const rows = Array.from({ length: ROWS }, (_, id) => `(${id + 1}, ${id})`).join(', ');
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE orders (id INT PRIMARY KEY, amount INT NOT NULL)',
    `INSERT INTO orders VALUES ${rows}`,
    'CREATE TABLE customers (id INT PRIMARY KEY)',
    'INSERT INTO customers VALUES (1), (2), (3)',
  );
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await rm(FILE, { force: true });
});

const settled = (runId: string) =>
  untilSettled({ reporterUrl: scene.system.reporterUrl, runId, signal: scene.system.broken });
const codesOf = ({ failures }: RunReport) => failures.map(({ code }) => code);

async function rerun(base: string, order: { readonly runId: string; readonly only?: readonly string[] }) {
  expect(await rerunRun(scene.system.coordinatorUrl, base, order)).toMatchObject({ status: 202 });
  return settled(order.runId);
}

/** What `certificate verify` says, and the certificate's lines. */
async function verified(runId: string): Promise<{ readonly code: number; readonly output: string }> {
  const { reporterUrl } = scene.system;
  expect(await rowparity('certificate', runId, '--reporter', reporterUrl, '--output', FILE)).toMatchObject({
    code: 0,
  });
  return rowparity('certificate', 'verify', FILE);
}

test('after a repair only what differed is compared anew; the rest keeps its results, its times and its run', async () => {
  const { coordinatorUrl } = scene.system;
  await execute(scene.pair, 'destination', 'DELETE FROM orders WHERE id IN (10, 3990)');
  const base = await scene.run(scene.spec('base', { shard: { rows: SHARD_ROWS } }));
  expect(base).toMatchObject({ verdict: 'inconsistent', shards: { differs: 2 }, inherited: null });

  await execute(scene.pair, 'destination', 'INSERT INTO orders VALUES (10, 9)');
  const flags = ['--as', 'again', '--coordinator', coordinatorUrl];
  expect(await rowparity('rerun', 'base', ...flags)).toMatchObject({ code: 0 });
  const again = await settled('again');
  const { total } = base.shards;
  expect(again).toMatchObject({
    ...{ verdict: 'inconsistent', complete: false, percent: 100 },
    shards: { total, match: total - 1, differs: 1 },
    counts: { rowsBase: ROWS + 3, targetMissing: 1 },
    inherited: { basedOn: 'base', shards: total - 2 },
  });
  // The first claim of the base run may have been one of the shards that are compared anew.
  expect(again.comparedFrom).toBeGreaterThanOrEqual(base.comparedFrom ?? 0);
  expect(again.comparedFrom).toBeLessThanOrEqual(base.settledAt ?? 0);
  expect(again.inherited?.to).toBeLessThanOrEqual(base.settledAt ?? 0);
  expect(again.notes.map(({ code }) => code)).toContain('INHERITED_SHARDS');
  // An event only of what was compared in this run.
  expect((await scene.eventsOf('again')).map(({ text }) => JSON.parse(text).ID)).toEqual([3990]);
  expect(await verified('again')).toMatchObject({
    ...{
      code: 0,
      output: expect.stringContaining(`inherited  ${total - 2} of ${total} shards by way of run base`),
    },
  });

  await execute(scene.pair, 'destination', 'INSERT INTO orders VALUES (3990, 3989)');
  const third = await rerun('again', { runId: 'third' });
  expect(third).toMatchObject({
    ...{ verdict: 'inconclusive', complete: false },
    shards: { total, match: total },
    counts: { rowsBase: ROWS + 3, rowsTarget: ROWS + 3, targetMissing: 0 },
    inherited: { basedOn: 'again', shards: total - 1 },
  });
  expect(codesOf(third)).toEqual(['SHARDS_INHERITED']);
  const { output } = await verified('third');
  expect(output).toMatch(/VALID {2}run third .* inconclusive/);
  expect(output).toMatch(
    /inherited shards are still as they were then: .*orders \(\d+ shards, compared from/,
  );
  expect(await rerunRun(coordinatorUrl, 'third', { runId: 'fourth' })).toMatchObject({
    ...{ status: 409, body: { error: 'nothing_to_rerun' } },
  });
});

test('what a cancelled run did not compare is compared by its rerun, through kills, and every row counts once', async () => {
  const { system } = scene;
  const tables = [{ name: 'orders', where: WHERE }];
  await submitRun(system.coordinatorUrl, scene.spec('cut', { tables, shard: { rows: SHARD_ROWS } }));
  await scene.until('cut', ({ shards }) => shards.match > 1);
  await cancelRun(system.coordinatorUrl, 'cut');
  const cut = await settled('cut');
  expect(cut.shards.match).toBeLessThan(cut.shards.total);

  await rerunRun(system.coordinatorUrl, 'cut', { runId: 'rest' });
  await scene.until('rest', ({ shards }) => shards.running > 0);
  for (const app of ['worker', 'coordinator'] as const) {
    const [victim] = system.apps(app);
    if (!victim) throw new Error(`expected a ${app}, found none`);
    await system.start(app);
    await system.end(victim, 'SIGKILL');
  }
  const rest = await settled('rest');
  expect(rest).toMatchObject({
    ...{ verdict: 'inconclusive', shards: { match: cut.shards.total } },
    counts: { rowsBase: ROWS, rowsTarget: ROWS },
    inherited: { basedOn: 'cut', shards: cut.shards.match },
  });
  expect(codesOf(rest)).toEqual(['SHARDS_INHERITED']);
  expect(await verified('rest')).toMatchObject({ code: 0 });
});

test('nothing is inherited across a changed schema or another set of tables', async () => {
  await execute(scene.pair, 'destination', 'DELETE FROM customers WHERE id = 2');
  await scene.run(scene.spec('before'));
  await execute(scene.pair, 'both', 'CREATE TABLE notes (id INT PRIMARY KEY)');
  const more = await rerun('before', { runId: 'more' });
  expect(more).toMatchObject({ verdict: 'inconclusive', failures: [{ code: 'RERUN_REFUSED' }] });
  expect(more.failures[0]?.message).toMatch(/other tables now: notes/);
  await execute(scene.pair, 'both', 'DROP TABLE notes');
  await execute(scene.pair, 'destination', 'ALTER TABLE orders ADD COLUMN note INT');
  const altered = await rerun('before', { runId: 'altered' });
  expect(altered).toMatchObject({ verdict: 'inconclusive', failures: [{ code: 'RERUN_REFUSED' }] });
  expect(altered.failures[0]?.message).toMatch(/column note was added/);
  expect(altered.shards.total).toBe(0);
});
