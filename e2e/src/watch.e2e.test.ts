// A watch: differences appear, are repaired and come back while workers and coordinators are killed. What the topic
// tells of each row must be one story: new, still in every generation after, resolved; and each of them once.

import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KnownAnswer, RunReport, WatchAnswer, WatchSpecInput } from '@rowparity/contracts';
import { LEFTOVERS, readEvents, readReport, rowparity } from '@rowparity/harness';
import { kafkaServer } from '@rowparity/testkit/vitest';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const FILE = join(LEFTOVERS, 'watch.json');
const ROWS = 2000;
const WAIT = { timeout: 120_000, interval: 100 };

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'watch', redisDatabase: 10, workers: 2 });
  const ids = Array.from({ length: ROWS }, (_, i) => i + 1);
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE orders (id INT PRIMARY KEY, amount INT NOT NULL)',
    `INSERT INTO orders VALUES ${ids.map((id) => `(${id}, ${id})`).join(', ')}`,
  );
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  await rm(FILE, { force: true });
});

function watchSpec(keep: number): WatchSpecInput {
  const { runId: _, ...template } = scene.spec('template', {
    ...{ shard: { rows: 400 }, recheck: { delaysMs: [150, 250] }, known: { keep } },
    events: { topic: scene.topic, resolved: true },
  });
  return { version: 1, intervalMs: 1000, run: template };
}

async function ask(method: 'GET' | 'PUT' | 'DELETE', id: string, body?: object): Promise<WatchAnswer> {
  const init = body
    ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
    : undefined;
  const answer = await fetch(`${scene.system.coordinatorUrl}/v1/watches/${id}`, { method, ...init });
  expect(answer.status).toBe(200);
  return (await answer.json()) as WatchAnswer;
}

/** That of the first generation that begins from now on, when it is settled. */
async function nextGeneration(id: string): Promise<RunReport> {
  const { generation } = await ask('GET', id);
  return vi.waitFor(async () => {
    scene.system.broken.throwIfAborted();
    const report = await readReport(scene.system.reporterUrl, `${id}.${generation + 1}`);
    expect(report.state).toBe('settled');
    return report;
  }, WAIT);
}

/** That of the first generation, when it is settled. */
async function firstGeneration(id: string): Promise<RunReport> {
  return vi.waitFor(async () => {
    scene.system.broken.throwIfAborted();
    const report = await readReport(scene.system.reporterUrl, `${id}.1`);
    expect(report.state).toBe('settled');
    return report;
  }, WAIT);
}

async function knownOf(runId: string): Promise<KnownAnswer> {
  const answer = await fetch(`${scene.system.reporterUrl}/v1/runs/${runId}/known`);
  return (await answer.json()) as KnownAnswer;
}

/** Of each row, what each generation told of it: `new`, `still`, `resolved new`… Each event once, by its id. */
async function stories(id: string, generations: number): Promise<Map<number, string[]>> {
  const rows = new Map<number, string[]>();
  for (let generation = 1; generation <= generations; generation += 1) {
    const ids = new Set<string>();
    const { brokers } = kafkaServer();
    const events = await readEvents({ brokers, topic: scene.topic, runId: `${id}.${generation}` });
    for (const { text } of events) {
      const { EventID, ID, State = 'untold', Stability, Generation } = JSON.parse(text);
      expect(Generation).toBe(generation);
      if (ids.has(EventID) || Stability === 'unstable') continue;
      ids.add(EventID);
      const story = rows.get(ID) ?? [];
      rows.set(ID, story);
      story[generation - 1] = `${story[generation - 1] ?? ''} ${State}`.trim();
    }
  }
  return rows;
}

/** Why the story of a row cannot be; undefined: it can. A row may be resolved and come back in one generation. */
function storyProblem(story: readonly (string | undefined)[], last: number): string | undefined {
  let isKnown = false;
  for (let generation = 1; generation <= last; generation += 1) {
    const told = story[generation - 1] ?? '';
    const possible: readonly string[] = isKnown ? ['still', 'resolved', 'resolved new'] : ['new', ''];
    if (!possible.includes(told))
      return `generation ${generation}: "${told}" where it ${isKnown ? 'is' : 'is not'} known`;
    isKnown = told === '' ? isKnown : told !== 'resolved';
  }
  return undefined;
}

/** While a generation of the watch is worked on. */
async function kill(app: 'worker' | 'coordinator', id: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const { generation } = await ask('GET', id);
      const { shards } = await readReport(scene.system.reporterUrl, `${id}.${generation}`);
      expect(shards.running).toBeGreaterThan(0);
    },
    { ...WAIT, interval: 5 },
  );
  const [victim] = scene.system.apps(app);
  if (!victim) throw new Error(`expected a ${app}, found none`);
  await scene.system.start(app);
  await scene.system.end(victim, 'SIGKILL');
}

test('differences appear, are repaired and come back, through kills: each is told once in a generation', async () => {
  const { pair } = scene;
  expect(await ask('PUT', 'w', watchSpec(1000))).toMatchObject({ state: 'active', generation: 0 });
  const first = await nextGeneration('w');
  expect(first).toMatchObject({ generation: expect.any(Number), verdict: 'consistent' });

  await execute(
    ...([pair, 'destination'] as const),
    'UPDATE orders SET amount = -1 WHERE id IN (10, 20, 30, 1500)',
    'DELETE FROM orders WHERE id IN (40, 1999)',
    'INSERT INTO orders VALUES (5000, 1)',
  );
  await kill('worker', 'w');
  await nextGeneration('w');
  await kill('coordinator', 'w');
  await kill('worker', 'w');
  const found = await nextGeneration('w');
  expect(found).toMatchObject({ verdict: 'inconsistent', counts: { knownStill: 7, knownNew: 0 } });

  await execute(
    ...([pair, 'destination'] as const),
    'UPDATE orders SET amount = id WHERE id IN (10, 1500)',
    'INSERT INTO orders VALUES (40, 40)',
    'DELETE FROM orders WHERE id = 5000',
  );
  await kill('worker', 'w');
  await nextGeneration('w');
  await kill('coordinator', 'w');
  expect(await nextGeneration('w')).toMatchObject({ counts: { knownStill: 3, knownResolved: 0 } });

  // They come back, and a new one with them.
  await execute(
    ...([pair, 'destination'] as const),
    'UPDATE orders SET amount = -2 WHERE id IN (10, 50)',
    'DELETE FROM orders WHERE id = 40',
  );
  await kill('worker', 'w');
  await nextGeneration('w');
  const again = await nextGeneration('w');
  expect(again).toMatchObject({ verdict: 'inconsistent', counts: { knownStill: 6 } });
  const { known, follows } = await knownOf(again.runId);
  expect(follows).toBe(`w.${again.generation - 1}`);
  const ages = Object.fromEntries(known.map(({ key, generations }) => [key.id, generations]));
  expect(
    Object.keys(ages)
      .map(Number)
      .sort((a, b) => a - b),
  ).toEqual([10, 20, 30, 40, 50, 1999]);
  expect(ages['20']).toBeGreaterThan(ages['50'] ?? 0);

  // The generation that runs ends; no other one begins.
  const { generation } = await ask('DELETE', 'w');
  const last = await vi.waitFor(async () => {
    const report = await readReport(scene.system.reporterUrl, `w.${generation}`);
    expect(report.state).toBe('settled');
    return report;
  }, WAIT);
  expect(last.verdict).toBe('inconsistent');
  expect(await ask('GET', 'w')).toMatchObject({ state: 'stopped', generation, nextAt: null });

  const told = await stories('w', generation);
  const problems = [...told].flatMap(([id, story]) => {
    const problem = storyProblem(story, generation);
    return problem === undefined ? [] : [`row ${id}: ${problem}`];
  });
  expect(problems).toEqual([]);
  expect([...told.keys()].sort((a, b) => a - b)).toEqual([10, 20, 30, 40, 50, 1500, 1999, 5000]);
  const wordsOf = (id: number) => (told.get(id) ?? []).flatMap((words) => words?.split(' ') ?? []);
  const withoutStill = (id: number) => wordsOf(id).filter((word) => word !== 'still');
  expect(withoutStill(10)).toEqual(['new', 'resolved', 'new']);
  expect(withoutStill(40)).toEqual(['new', 'resolved', 'new']);
  for (const id of [1500, 5000]) expect(withoutStill(id)).toEqual(['new', 'resolved']);
  for (const id of [20, 30, 50, 1999]) expect(withoutStill(id)).toEqual(['new']);
});

test('more differences than are kept: the watch says so, calls none of them new or resolved, and recovers', async () => {
  const { pair } = scene;
  await restore();
  await execute(pair, 'destination', 'UPDATE orders SET amount = -1 WHERE id <= 8');
  await writeFile(FILE, JSON.stringify(watchSpec(5)));
  const flags = ['--coordinator', scene.system.coordinatorUrl];
  for (const _ of [1, 2])
    expect(await rowparity('watches', 'start', 'full', FILE, ...flags)).toMatchObject({
      ...{ code: 0, output: expect.stringMatching(/^full {2}active/) },
    });
  expect(await rowparity('watches', 'start', 'full', `${FILE}.none`, ...flags)).toMatchObject({ code: 2 });
  const first = await nextGeneration('full');
  expect(first.notes.map(({ code }) => code)).toContain('KNOWN_OVERFLOWED');
  expect(await knownOf(first.runId)).toMatchObject({
    tables: [{ name: 'orders', kept: 5, beyond: 3, overflowed: true }],
  });
  const second = await nextGeneration('full');
  expect(second).toMatchObject({ counts: { neq: 8, knownStill: 5, knownNew: 0 } });
  await execute(pair, 'destination', 'UPDATE orders SET amount = id WHERE id <= 8');
  await nextGeneration('full');
  const repaired = await nextGeneration('full');
  expect(repaired).toMatchObject({ verdict: 'consistent' });
  expect(await knownOf(repaired.runId)).toMatchObject({ tables: [] });
  await execute(pair, 'destination', 'UPDATE orders SET amount = -1 WHERE id = 9');
  await nextGeneration('full');
  expect(await rowparity('watches', 'stop', 'full', ...flags)).toMatchObject({ code: 0 });
  const { generation } = await ask('GET', 'full');
  const shown = await rowparity('watches', 'show', ...flags);
  expect(shown).toMatchObject({ code: 0, output: expect.stringMatching(/^full {2}stopped, generation \d+/) });
  expect(shown.output).toMatch(/^w {2}stopped/m);
  await vi.waitFor(async () => {
    expect((await readReport(scene.system.reporterUrl, `full.${generation}`)).state).toBe('settled');
  }, WAIT);
  const told = await stories('full', generation);
  const words = (id: number) => (told.get(id) ?? []).flatMap((line) => line?.split(' ') ?? []);
  const ids = [1, 2, 3, 4, 5, 6, 7, 8];
  const kept = ids.filter((id) => words(id).includes('resolved'));
  expect(kept).toHaveLength(5);
  for (const id of ids.filter((one) => !kept.includes(one)))
    expect(new Set(words(id))).toEqual(new Set(['new', 'untold']));
  // All that is wrong is known again, so what comes is new.
  expect(words(9)[0]).toBe('new');
});

async function restore(): Promise<void> {
  const ids = Array.from({ length: ROWS }, (_, i) => i + 1);
  await execute(
    ...([scene.pair, 'destination'] as const),
    'DELETE FROM orders',
    `INSERT INTO orders VALUES ${ids.map((id) => `(${id}, ${id})`).join(', ')}`,
  );
}

test('between full generations only what changed is compared; what no update time shows waits for the next full one', async () => {
  await execute(
    ...([scene.pair, 'both'] as const),
    "SET time_zone = '+00:00'",
    'CREATE TABLE stamped (id INT PRIMARY KEY, v INT NOT NULL, updated_at TIMESTAMP NOT NULL, KEY times (updated_at))',
    `INSERT INTO stamped VALUES ${Array.from({ length: 500 }, (_, i) => `(${i + 1}, ${i}, '2026-11-01 00:00:00')`).join(', ')}`,
  );
  const { version, source, destination, direction } = scene.spec('unused');
  await ask('PUT', 'stamped', {
    ...{ version: 1, intervalMs: 1000, incremental: { overlapMs: 60_000, fullEvery: 4 } },
    run: {
      ...{ version, source, destination, direction, tables: [{ name: 'stamped' }] },
      ...{ recheck: { delaysMs: [50, 50] }, events: { topic: scene.topic, resolved: true } },
    },
  });
  const first = await firstGeneration('stamped');
  expect(first).toMatchObject({ verdict: 'consistent', counts: { rowsBase: 500 } });
  await execute(
    ...([scene.pair, 'destination'] as const),
    'UPDATE stamped SET v = -1, updated_at = NOW() WHERE id = 7',
    'UPDATE stamped SET v = -1, updated_at = updated_at WHERE id = 8',
  );
  // 7 is repaired as soon as it is told, 8 when a full generation has told it.
  const repaired = new Set<number>();
  await vi.waitFor(async () => {
    scene.system.broken.throwIfAborted();
    const { generation } = await ask('GET', 'stamped');
    const told = await stories('stamped', generation);
    for (const id of [7, 8]) {
      if (repaired.has(id) || !told.get(id)?.some((state) => state?.includes('new'))) continue;
      repaired.add(id);
      await execute(
        ...([scene.pair, 'destination'] as const),
        "SET time_zone = '+00:00'",
        `UPDATE stamped SET v = id - 1, updated_at = '2026-11-01 00:00:00' WHERE id = ${id}`,
      );
    }
    for (const id of [7, 8]) expect(told.get(id)?.some((state) => state === 'resolved')).toBe(true);
  }, WAIT);
  const { generation } = await ask('DELETE', 'stamped');
  const told = await stories('stamped', generation);
  for (const id of [7, 8]) {
    const generationOfNew = (told.get(id) ?? []).indexOf('new') + 1;
    const { spec, counts } = await readReport(scene.system.reporterUrl, `stamped.${generationOfNew}`);
    if (id === 8) expect(spec.changedSince).toBeUndefined();
    if (spec.changedSince) expect(counts.rowsBase).toBeLessThan(500);
    else expect((generationOfNew - 1) % 4).toBe(0);
  }
});
