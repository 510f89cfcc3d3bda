// The page over a ledger of a hundred thousand shards and differences, and a reporter with two hundred viewers.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LEFTOVERS, spawnApp } from '@rowparity/harness';
import { closeRedis, connectRedis, createRedisLedger } from '@rowparity/redis';
import { type Guardian, startGuardian } from '@rowparity/testkit';
import { redisServer } from '@rowparity/testkit/vitest';
import type { Browser } from 'puppeteer-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { NO_BROWSER, openBrowser, printedPages, textOf, textsOf, watchedPage } from './browser.ts';
import { writeLargeRun } from './largeRun.ts';

/** Of its own: a reporter reads the keys under the usual prefix. */
const REDIS_DATABASE = 9;
const TABLES = 100;
const SHARDS_A_TABLE = 1000;
const SHARDS = TABLES * SHARDS_A_TABLE;
const BYTES_MAX = 1_000_000;
const VIEWERS = 200;
/** Of one viewer, while it is counted what they cost. */
const EVENTS = 6;
const QUIET_MS = 1500;
const VIEWERS_TEST_MS = 300_000;
const WAIT = { timeout: 60_000, interval: 50 };

const clock = { now: () => Date.now(), steadyNow: () => performance.now(), sleep: async () => {} };

let redis: ReturnType<typeof connectRedis>;
let guardian: Guardian;
let reporter: Awaited<ReturnType<typeof spawnApp>>;
let url: string;
let browser: Browser | undefined;

beforeAll(async () => {
  const redisUrl = `${redisServer().url.replace(/\/+$/, '')}/${REDIS_DATABASE}`;
  redis = connectRedis({ url: redisUrl, use: 'http', onError: () => {} });
  await redis.flushdb();
  const ledger = createRedisLedger(redis, { clock });
  await writeLargeRun(ledger, {
    runId: 'large',
    tables: TABLES,
    shardsATable: SHARDS_A_TABLE,
    doneShards: SHARDS,
  });
  await writeLargeRun(ledger, { runId: 'open', tables: 5, shardsATable: 20, doneShards: 40 });
  guardian = await startGuardian();
  reporter = await spawnApp({
    ...{ app: 'reporter', name: 'reporter-1', logFolder: join(LEFTOVERS, 'logs', 'page-scale'), guardian },
    env: { ROWPARITY_REDIS_URL: redisUrl },
  });
  url = await reporter.listening;
  browser = await openBrowser();
});

afterAll(async () => {
  await browser?.close();
  await reporter?.stop();
  await guardian?.end();
  await redis?.flushdb();
  if (redis) await closeRedis(redis);
});

test('the map of a hundred thousand shards counts each of them once, and is small', async () => {
  const text = await (await fetch(`${url}/v1/runs/large/shards/map`)).text();
  const { shards, tables } = JSON.parse(text) as {
    readonly shards: number;
    readonly tables: readonly { readonly cells: readonly (readonly number[])[] }[];
  };
  expect(shards).toBe(SHARDS);
  const differing = tables.flatMap(({ cells }) => cells.map(([, differs = 0]) => differs));
  expect(differing.reduce((sum, number) => sum + number, 0)).toBe(SHARDS);
  expect(text.length).toBeLessThan(BYTES_MAX / 10);
});

test('the page of such a run takes less than a megabyte, shows the answer, and reacts', async (context) => {
  if (!browser) return context.skip(NO_BROWSER);
  const { page, complaints } = await watchedPage(browser);
  const network = await page.createCDPSession();
  await network.send('Network.enable');
  let bytes = 0;
  network.on('Network.dataReceived', ({ dataLength }) => {
    bytes += dataLength;
  });
  await page.goto(`${url}/runs/large`);
  await page.waitForSelector('.map svg');
  await page.waitForSelector('.known tbody tr');
  expect(await textOf(page, '.answer .reason')).toBe(
    '100,000 rows differ in 100 tables; everything else that was compared is equal.',
  );
  expect(await textsOf(page, '.map .legend li')).toEqual(['100,000 differ']);
  expect(await textOf(page, '.known + p, .wide + p')).toContain('of 100,000 keys that the run keeps');
  expect(bytes).toBeLessThan(BYTES_MAX);
  const begin = performance.now();
  await page.type('#table-filter', '_77');
  await page.waitForFunction(() => document.querySelectorAll('.cards:not(.known) tbody tr').length === 1);
  const ms = performance.now() - begin;
  console.log(`the page of ${SHARDS} shards: ${bytes} bytes, the filter took ${ms.toFixed(0)} ms`);
  await page.$eval('#table-filter', (field) => {
    (field as HTMLInputElement).value = '';
    field.dispatchEvent(new Event('input', { bubbles: true }));
  });
  await page.waitForFunction(
    (tables) => document.querySelectorAll('.cards:not(.known) tbody tr').length === tables,
    {},
    TABLES,
  );
  expect(await printedPages(page)).toBe(1);
  expect(complaints).toEqual([]);
});

/** Counts what the reporter asks: other tests use other databases of the same server. */
async function commandsDuring(step: () => Promise<unknown>): Promise<number> {
  const monitor = await redis.monitor();
  let commands = 0;
  monitor.on('monitor', (_time: string, _args: readonly string[], _source: string, database: string) => {
    if (Number(database) === REDIS_DATABASE) commands += 1;
  });
  await step();
  monitor.disconnect();
  return commands;
}

/** What one more event of a viewer costs, on a fast machine as on a slow one. */
async function commandsAnEvent({ events }: Viewer): Promise<number> {
  const from = events();
  const commands = await commandsDuring(() =>
    vi.waitFor(() => expect(events()).toBeGreaterThanOrEqual(from + EVENTS), WAIT),
  );
  return commands / (events() - from);
}

interface Viewer {
  readonly events: () => number;
  leave(): void;
}

async function viewer(): Promise<Viewer> {
  const gone = new AbortController();
  const response = await fetch(`${url}/v1/runs/open/live`, { signal: gone.signal });
  let events = 0;
  void (async () => {
    const decoder = new TextDecoder();
    for await (const piece of response.body ?? [])
      events += decoder.decode(piece).split('event: ').length - 1;
  })().catch(() => {});
  return { events: () => events, leave: () => gone.abort() };
}

test('two hundred viewers of a run ask the ledger for no more than one does', {
  timeout: VIEWERS_TEST_MS,
}, async () => {
  const one = await viewer();
  await vi.waitFor(() => expect(one.events()).toBeGreaterThan(1), WAIT);
  const alone = await commandsAnEvent(one);
  const others = await Promise.all(Array.from({ length: VIEWERS - 1 }, viewer));
  const before = others.map(({ events }) => events());
  const together = await commandsAnEvent(one);
  console.log(`commands of Redis an event: ${alone} with one viewer, ${together} with ${VIEWERS}`);
  expect(alone).toBeGreaterThan(0);
  expect(together).toBeLessThanOrEqual(2 * alone);
  // Each of them has its news, too.
  const isNew = ({ events }: Viewer, i: number) => events() > (before[i] ?? 0);
  await vi.waitFor(() => expect(others.every(isNew)).toBe(true), WAIT);
  for (const { leave } of [one, ...others]) leave();
  // Without a viewer the ledger is asked nothing.
  await vi.waitFor(async () => expect(await commandsDuring(() => sleep(QUIET_MS))).toBe(0), WAIT);
});
