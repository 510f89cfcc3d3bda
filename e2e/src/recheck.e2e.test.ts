// After a repair only the known differences of a settled run are looked at again: what report, certificate and topic
// say of them, and that kills lose none.

import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { KnownAnswer, RunReport } from '@rowparity/contracts';
import { LEFTOVERS, recheckRun, rerunRun, rowparity, submitRun, untilSettled } from '@rowparity/harness';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const ROWS = 3000;
/** Of each table: more than one shard of keys. */
const DAMAGED = 600;
const FILE = join(LEFTOVERS, 'recheck.ndjson');

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'recheck', redisDatabase: 11, workers: 2 });
  const ids = Array.from({ length: ROWS }, (_, i) => i + 1);
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE orders (id BIGINT PRIMARY KEY, amount INT NOT NULL)',
    `INSERT INTO orders VALUES ${ids.map((id) => `(${id}, ${id})`).join(', ')}`,
    'CREATE TABLE notes (lang CHAR(2), code VARCHAR(20), body TEXT, PRIMARY KEY (lang, code))',
    `INSERT INTO notes VALUES ${ids.map((id) => `('de', 'n-${id}', 'secret body')`).join(', ')}`,
    'CREATE TABLE log (line VARCHAR(20))',
    "INSERT INTO log VALUES ('a'), ('b')",
  );
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await rm(FILE, { force: true });
});

const settled = (runId: string) =>
  untilSettled({ reporterUrl: scene.system.reporterUrl, runId, signal: scene.system.broken });
const codesOf = ({ failures }: RunReport) => failures.map(({ code }) => code);

async function recheck(base: string, runId: string): Promise<RunReport> {
  expect(await recheckRun(scene.system.coordinatorUrl, base, { runId })).toMatchObject({ status: 202 });
  return settled(runId);
}

async function knownOf(runId: string): Promise<KnownAnswer['known']> {
  const known: KnownAnswer['known'] = [];
  for (let cursor = ''; ; ) {
    const path = `${scene.system.reporterUrl}/v1/runs/${runId}/known?limit=170${cursor}`;
    const page = (await (await fetch(path)).json()) as KnownAnswer;
    known.push(...page.known);
    if (page.next === null) return known;
    cursor = `&cursor=${encodeURIComponent(page.next)}`;
  }
}

/** Each event once, by its id: `state type key`. */
async function told(runId: string): Promise<string[]> {
  const byId = new Map<string, string>();
  for (const { text } of await scene.eventsOf(runId)) {
    const { EventID, State, Stability, Type, Table, Key } = JSON.parse(text);
    byId.set(EventID, `${State ?? Stability} ${Type} ${Table} ${JSON.stringify(Key)}`);
  }
  return [...byId.values()].sort();
}

test('known differences are looked at again through kills of worker and coordinator: each is told once', async () => {
  const { system, pair } = scene;
  await execute(
    ...([pair, 'destination'] as const),
    `DELETE FROM orders WHERE id <= ${DAMAGED / 2}`,
    `UPDATE orders SET amount = -1 WHERE id BETWEEN ${DAMAGED / 2 + 1} AND ${DAMAGED}`,
    `UPDATE notes SET body = 'other body' WHERE CAST(SUBSTRING(code, 3) AS UNSIGNED) <= ${DAMAGED}`,
    "INSERT INTO log VALUES ('c')",
  );
  // Long enough to be killed while shards wait for their looks.
  const base = await scene.run(scene.spec('base', { recheck: { delaysMs: [700, 900] } }));
  expect(base).toMatchObject({ verdict: 'inconsistent', follows: null });
  const known = await knownOf('base');
  expect(known).toHaveLength(2 * DAMAGED);
  const events = (await scene.eventsOf('base')).map(({ text }) => JSON.parse(text));
  const rowIds = events.flatMap(({ Key, RowID }) => (Key ? [RowID] : []));
  expect(new Set(known.map(({ rowId }) => rowId))).toEqual(new Set(rowIds));
  expect(JSON.stringify(known)).not.toMatch(/body"?:|secret/);
  expect(base.tables.map(({ name, known: kept }) => [name, kept])).toEqual([
    ['log', { kept: 0, beyond: 1 }],
    ['notes', { kept: DAMAGED, beyond: 0 }],
    ['orders', { kept: DAMAGED, beyond: 0 }],
  ]);

  await execute(
    ...([pair, 'destination'] as const),
    `INSERT INTO orders SELECT id, amount FROM (SELECT 1 AS id, 1 AS amount UNION SELECT 2, 2) repaired`,
    `UPDATE orders SET amount = id WHERE id BETWEEN ${DAMAGED / 2 + 1} AND ${DAMAGED}`,
    "UPDATE notes SET body = 'secret body' WHERE code LIKE 'n-%5'",
    // Still different, in another way.
    "DELETE FROM notes WHERE code = 'n-1'",
  );
  // A difference that the base run does not know: a recheck does not see it.
  await execute(pair, 'destination', `DELETE FROM orders WHERE id = ${ROWS}`);
  const flags = ['--as', 'again', '--coordinator', system.coordinatorUrl];
  expect(await rowparity('recheck', 'base', ...flags)).toMatchObject({ code: 0 });
  await scene.until('again', ({ shards }) => shards.running > 0);
  for (const app of ['worker', 'coordinator', 'worker'] as const) {
    const [victim] = system.apps(app);
    if (!victim) throw new Error(`expected a ${app}, found none`);
    await system.start(app);
    await system.end(victim, 'SIGKILL');
  }
  const again = await settled('again');
  const resolvedNotes = DAMAGED / 10;
  const resolved = 2 + DAMAGED / 2 + resolvedNotes;
  const still = 2 * DAMAGED - resolved;
  expect(again).toMatchObject({
    ...{ verdict: 'inconsistent', complete: false, follows: 'base', inherited: null },
    counts: { rowsBase: 0, neq: 0, knownStill: still, knownResolved: resolved, knownUnstable: 0 },
  });
  expect(again.notes.map(({ code }) => code)).toContain('ONLY_KNOWN_COMPARED');
  const news = await told('again');
  expect(news).toHaveLength(still);
  expect(news.every((line) => line.startsWith('still '))).toBe(true);
  expect(news).toContain('still target_missing notes {"lang":"de","code":"n-1"}');
  const states = Map.groupBy(await knownOf('again'), ({ state }) => state);
  expect([states.get('still')?.length, states.get('resolved')?.length]).toEqual([still, resolved]);
  expect(states.get('still')?.every(({ generations }) => generations === 2)).toBe(true);
  const { reporterUrl } = system;
  expect(await rowparity('certificate', 'again', '--reporter', reporterUrl, '--output', FILE)).toMatchObject({
    code: 0,
  });
  const verified = await rowparity('certificate', 'verify', FILE);
  expect(verified.code).toBe(0);
  expect(verified.output).toMatch(/anything but the known differences of run base/);
});

test('when all of them are resolved the run says so, is not consistent, and leaves nothing to look at', async () => {
  const { coordinatorUrl, reporterUrl } = scene.system;
  await execute(
    ...([scene.pair, 'destination'] as const),
    `INSERT IGNORE INTO orders VALUES ${Array.from({ length: DAMAGED }, (_, i) => `(${i + 1}, ${i + 1})`).join(', ')}`,
    "INSERT INTO notes VALUES ('de', 'n-1', 'secret body')",
    "UPDATE notes SET body = 'secret body'",
  );
  const third = await recheck('again', 'third');
  expect(third).toMatchObject({ verdict: 'inconclusive', complete: false, counts: { knownStill: 0 } });
  expect(codesOf(third)).toEqual(['ONLY_KNOWN_COMPARED']);
  expect(third.failures[0]?.message).toMatch(/Of the known differences of run again: \d+ resolved, 0 still/);
  expect(await told('third')).toEqual([]);
  expect(await rowparity('certificate', 'third', '--reporter', reporterUrl, '--output', FILE)).toMatchObject({
    code: 0,
  });
  expect(await rowparity('certificate', 'verify', FILE)).toMatchObject({ code: 0 });
  expect(await recheckRun(coordinatorUrl, 'third', { runId: 'fourth' })).toMatchObject({
    ...{ status: 409, body: { error: 'nothing_to_recheck' } },
  });
  expect(await rerunRun(coordinatorUrl, 'third', { runId: 'fourth' })).toMatchObject({
    ...{ status: 409, body: { error: 'nothing_to_rerun' } },
  });
  // A rerun of a run that follows another one has its ranges alone.
  const listed = await rowparity('known', 'again', '--reporter', reporterUrl, '--limit', '3');
  expect(listed).toMatchObject({ code: 0, output: expect.stringMatching(/notes: \d+ kept/) });
});

test('a run that follows another one tells new, still and resolved, and compares everything', async () => {
  const { pair, topic, system } = scene;
  await execute(pair, 'destination', `UPDATE orders SET amount = -2 WHERE id IN (10, 20, 30)`);
  const spec = (runId: string, followed?: string) =>
    scene.spec(runId, {
      events: { topic, resolved: true },
      known: followed === undefined ? {} : { of: followed },
      shard: { rows: 500 },
      tables: [{ name: 'orders' }],
    });
  await scene.run(spec('one'));
  expect(await told('one')).toEqual(
    [
      ...['10', '20', '3000', '30'].map(
        (id) => `new ${id === '3000' ? 'target_missing' : 'neq'} orders {"id":${id}}`,
      ),
    ].sort(),
  );
  await execute(
    ...([pair, 'destination'] as const),
    'UPDATE orders SET amount = id WHERE id = 10',
    'UPDATE orders SET amount = -3 WHERE id = 40',
  );
  const two = await scene.run(spec('two', 'one'));
  expect(two).toMatchObject({
    ...{ verdict: 'inconsistent', follows: 'one' },
    counts: { neq: 3, targetMissing: 1, knownStill: 3, knownResolved: 1, knownNew: 1, rowsBase: ROWS },
  });
  expect(await told('two')).toEqual(
    ['resolved neq orders {"id":10}', 'still neq orders {"id":20}', 'still neq orders {"id":30}']
      .concat(['still target_missing orders {"id":3000}', 'new neq orders {"id":40}'])
      .sort(),
  );
  await execute(
    ...([pair, 'destination'] as const),
    'UPDATE orders SET amount = id',
    `INSERT INTO orders VALUES (${ROWS}, ${ROWS})`,
  );
  const three = await scene.run(spec('three', 'two'));
  expect(three).toMatchObject({ verdict: 'consistent', complete: true, counts: { knownResolved: 4 } });
  for (const runId of ['two', 'three']) {
    const flags = ['--reporter', system.reporterUrl, '--output', FILE];
    expect(await rowparity('certificate', runId, ...flags)).toMatchObject({ code: 0 });
    expect(await rowparity('certificate', 'verify', FILE)).toMatchObject({ code: 0 });
  }
  expect(await rerunRun(system.coordinatorUrl, 'two', { runId: 'two-again' })).toMatchObject({ status: 202 });
  // Its ranges, and no shard of keys.
  const total = two.shards.total - 1;
  expect(await settled('two-again')).toMatchObject({
    verdict: 'inconclusive',
    shards: { match: total, total },
  });
});

test('a table that is refused, and one whose key changed, hand on what is known: nothing is resolved for that', async () => {
  const { pair, topic } = scene;
  await execute(
    ...([pair, 'both'] as const),
    'CREATE TABLE parts (id INT PRIMARY KEY, v INT)',
    'INSERT INTO parts VALUES (1, 1), (2, 2), (3, 3)',
  );
  await execute(pair, 'destination', 'UPDATE parts SET v = 0 WHERE id = 2');
  const spec = (runId: string, followed?: string) =>
    scene.spec(runId, {
      ...{ events: { topic, resolved: true }, tables: [{ name: 'parts' }, { name: 'orders' }] },
      known: followed === undefined ? {} : { of: followed },
    });
  await scene.run(spec('p1'));
  expect(await told('p1')).toEqual(['new neq parts {"id":2}']);

  await execute(pair, 'destination', 'ALTER TABLE parts RENAME TO parts_away');
  const refused = await scene.run(spec('p2', 'p1'));
  expect(refused).toMatchObject({ verdict: 'inconclusive', counts: { knownResolved: 0, knownStill: 0 } });
  expect(await told('p2')).toEqual([]);
  expect(await knownOf('p2')).toMatchObject([{ state: 'open', generations: 1, key: { 0: '2' } }]);

  await execute(pair, 'destination', 'ALTER TABLE parts_away RENAME TO parts');
  // The row is not among those that a narrower key space names.
  await execute(
    pair,
    'both',
    'ALTER TABLE parts ADD COLUMN w INT NOT NULL DEFAULT 7, DROP PRIMARY KEY, ADD PRIMARY KEY (id, w)',
  );
  await scene.run(spec('p3', 'p2'));
  expect(await told('p3')).toEqual(['new neq parts {"id":2,"w":7}']);
  const keys = (await knownOf('p3')).map(({ state, key }) => `${state} ${JSON.stringify(key)}`);
  expect(keys.sort()).toEqual(['new {"id":"2","w":"7"}', 'open {"0":"2"}']);

  await execute(pair, 'both', 'ALTER TABLE parts DROP PRIMARY KEY, DROP COLUMN w, ADD PRIMARY KEY (id)');
  await execute(pair, 'destination', 'UPDATE parts SET v = id');
  const repaired = await scene.run(spec('p4', 'p3'));
  expect(repaired).toMatchObject({ verdict: 'consistent', counts: { knownResolved: 1 } });
  expect(await told('p4')).toEqual(['resolved neq parts {"id":2}']);
});

test('the keys of a run that is gone cannot be looked at: the order is refused, and a run that follows it ends', async () => {
  const { coordinatorUrl } = scene.system;
  expect(await recheckRun(coordinatorUrl, 'nobody', { runId: 'n' })).toMatchObject({ status: 404 });
  await submitRun(coordinatorUrl, scene.spec('lonely', { known: { of: 'nobody' } }));
  const lonely = await settled('lonely');
  expect(codesOf(lonely)).toEqual(['RERUN_REFUSED']);
});
