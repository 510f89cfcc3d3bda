// The web page in a real browser, over a real run: what it says, that it follows, and that every reader can use it.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { RowparityClient } from '@rowparity/client';
import { type AppProcess, controlRun, LEFTOVERS, readReport, submitRun } from '@rowparity/harness';
import type { Browser, Page } from 'puppeteer-core';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { openScene, type Scene } from '../testing/scene.ts';
import { execute } from '../testing/sql.ts';
import {
  axeViolations,
  DESKTOP,
  LOOKS,
  NO_BROWSER,
  openBrowser,
  printedPages,
  textOf,
  textsOf,
  type WatchedPage,
  watchedPage,
} from './browser.ts';

/** The other numbers are those of other files. */
const REDIS_DATABASE = 0;
const TOKEN = '0123456789abcdef0123';
const PICTURES = join(LEFTOVERS, 'pictures');
const PAPER_MAX = 1;
const WAIT = { timeout: 60_000, interval: 50 };
const TENANTS = 24;
const DOUBLINGS = 13;

let scene: Scene;
let browser: Browser | undefined;
let open: WatchedPage[] = [];

beforeAll(async () => {
  browser = await openBrowser();
  if (!browser) return;
  mkdirSync(PICTURES, { recursive: true });
  scene = await openScene({ label: 'page', redisDatabase: REDIS_DATABASE, workers: 2, concurrency: 2 });
  await makeShop();
  await scene.run(scene.spec('shop-1'));
  await scene.run(scene.spec('equal-1', { tables: [{ name: 'orders' }] }));
  await scene.run(scene.spec('refused-1', { tables: [{ name: 'only_here' }, { name: 'orders' }] }));
});

afterAll(async () => {
  await browser?.close();
  await scene?.[Symbol.asyncDispose]();
});

beforeEach(async (context) => {
  if (!browser) return context.skip(NO_BROWSER);
  for (const { page } of open) await page.close();
  open = [];
});

async function makeShop(): Promise<void> {
  const doubled = (table: string, columns: string, doublings: number) =>
    Array.from(
      { length: doublings },
      (_, i) => `INSERT INTO ${table} SELECT id + ${2 ** i}, ${columns} FROM ${table}`,
    );
  const made = (table: string, column: string, doublings: number) => [
    `CREATE TABLE ${table} (id INT PRIMARY KEY, ${column} VARCHAR(40) NOT NULL, balance DECIMAL(10, 2) NOT NULL)`,
    `INSERT INTO ${table} VALUES (1, '${column}', 100.25)`,
    ...doubled(table, `${column}, balance`, doublings),
  ];
  await execute(
    ...([scene.pair, 'both'] as const),
    ...made('customers', 'name', DOUBLINGS),
    ...made('order_items', 'product', DOUBLINGS + 1),
    ...made('orders', 'status', DOUBLINGS),
    ...Array.from({ length: TENANTS }, (_, i) =>
      made(`tenant_${String(i).padStart(3, '0')}_settings`, 'value', 3),
    ).flat(),
  );
  await execute(...([scene.pair, 'source'] as const), 'CREATE TABLE only_here (id INT PRIMARY KEY)');
  await execute(
    ...([scene.pair, 'destination'] as const),
    'ALTER TABLE orders ADD INDEX by_status (status)',
    'DELETE FROM customers WHERE id IN (4711, 4712)',
    'UPDATE customers SET balance = ROUND(balance, 1) WHERE id = 6000',
    "INSERT INTO customers VALUES (9000, 'name', 100.25)",
    "UPDATE order_items SET product = 'PRODUCT' WHERE id IN (7, 8, 9)",
  );
}

function shopTables() {
  return ['customers', 'order_items', 'orders'].map((name) => ({ name }));
}

interface Opening {
  readonly look?: typeof DESKTOP;
  readonly origin?: string;
}

async function show(path: string, { look = DESKTOP, origin = scene.system.reporterUrl }: Opening = {}) {
  if (!browser) throw new Error(NO_BROWSER);
  const watched = await watchedPage(browser, look);
  open.push(watched);
  await watched.page.goto(`${origin}${path}`);
  return watched;
}

/** The page of a settled run is whole when its map and its plots are there. */
async function showRun(runId: string, opening?: Opening): Promise<WatchedPage> {
  const watched = await show(`/runs/${runId}`, opening);
  await watched.page.waitForSelector('.map svg');
  await watched.page.waitForSelector('.gate');
  return watched;
}

const headline = (page: Page) => textOf(page, '.answer .verdict');

test('the answer comes first: a no with its reason, and causes with what to do', async () => {
  const { page } = await showRun('shop-1');
  expect(await headline(page)).toBe(
    '✗NOT YET.7 rows differ in 2 tables; 1 table could not be compared; everything else that was compared is equal.',
  );
  expect(await textOf(page, '.answer .rests')).toMatch(
    /^Compared .* oldest row compared .* self-test: (\d+) of \1 planted/,
  );
  const causes = await textsOf(page, '.causes > li');
  expect(causes[0]).toMatch(/^7 rows differcustomers 4, order_items 3.*Repair them: /);
  expect(await textsOf(page, '.causes .reasons li')).toContain(
    'order_items.product: 3 rows differ: upper and lower case (all of id 7 to 9)',
  );
  expect(causes[1]).toMatch(/^Only on the sourceonly_here.*TABLE_ONLY_ON_SOURCE$/);
  expect(await page.title()).toBe('NOT YET. shop-1 · Rowparity');
});

test('a run without a difference is a yes, and one that could not be compared is none', async () => {
  expect(await headline((await showRun('equal-1')).page)).toMatch(
    /^✓YES, as of \d\d:\d\d\.Every row of the table is equal/,
  );
  expect(await headline((await showRun('refused-1')).page)).toBe(
    '?CANNOT SAY.1 table could not be compared.',
  );
});

test('tables that need a person are there, the others are folded, and a filter finds them', async () => {
  const { page } = await showRun('shop-1');
  const names = () => textsOf(page, '.cards:not(.known) tbody th');
  expect(await names()).toEqual(['customers', 'order_items', 'only_here']);
  const cells = await textsOf(page, '.cards:not(.known) tbody tr:first-child td');
  expect(cells).toEqual(['differs', '8,192', '8,191', '2', '1', '1']);
  expect(await textOf(page, '.folded summary')).toBe(`${TENANTS + 1} tables match`);
  await page.type('#table-filter', 'TENANT_00');
  await page.waitForFunction(
    () => document.querySelector('.folded summary')?.textContent === '10 tables match',
  );
  expect(await names()).toEqual([]);
  await page.click('.folded summary');
  await page.waitForSelector('.folded tbody th');
  expect((await names()).length).toBe(10);
});

test('rows that differ have their keys and columns, and no value', async () => {
  const { page } = await showRun('shop-1');
  const rows = await textsOf(page, '.known tbody tr');
  expect(rows).toHaveLength(7);
  const told = rows.join('\n');
  expect(told).toMatch(/customersid=4711missing on destination/);
  expect(told).toMatch(/customersid=6000differs · newbalance \(rounded to 1 decimal\)/);
  expect(told).toMatch(/customersid=9000only on destination/);
  expect(told).toMatch(/order_itemsid=8differs · newproduct \(upper and lower case\)/);
  expect(await page.evaluate(() => document.body.textContent)).not.toContain('100.2');
});

test('the map shows every shard of the report, tells where differences are, and is walked with keys', async () => {
  const { page } = await showRun('shop-1');
  const { shards } = await readReport(scene.system.reporterUrl, 'shop-1');
  const legend = await textsOf(page, '.map .legend li');
  expect(legend).toEqual([`${shards.differs} differ`, `${shards.match} match`]);
  const labels = await page.$$eval('.map .strip svg', (all) =>
    all.map((one) => one.getAttribute('aria-label') ?? ''),
  );
  expect(labels[0]).toMatch(/^customers: \d+ shards, \d+ match, \d differ; differences begin at .* %/);
  await page.$eval('.map .strip svg', (strip) => (strip as SVGElement).focus());
  for (const key of ['ArrowRight', 'ArrowRight', 'ArrowRight', 'ArrowLeft'] as const)
    await page.keyboard.press(key);
  await page.waitForFunction(() =>
    document.querySelector('.readout')?.textContent?.startsWith('customers, part 2 of'),
  );
});

test('in what schemas differ is told beside the rows, and judged by nothing', async () => {
  const { page } = await showRun('equal-1');
  expect(await textOf(page, '.scope')).toMatch(
    /Schemas differ beside the rows\s*orders: the index \(status\) is on the destination only/,
  );
  expect(await textOf(page, '.answer h1')).toMatch(/^YES/);
});

test('the list leads to runs, and says what each came to', async () => {
  const { page, complaints } = await show('/');
  await page.waitForSelector('tbody a');
  const rows = await textsOf(page, 'tbody tr');
  expect(rows.find((row) => row.startsWith('shop-1'))).toMatch(/^shop-1rows differ7/);
  expect(rows.find((row) => row.startsWith('equal-1'))).toMatch(/^equal-1equal0/);
  await page.click('a[href="/runs/equal-1"]');
  await page.waitForSelector('.answer.good');
  expect(complaints).toEqual([]);
});

test('a migration has its answer, every reason, its last run, and commands that switch its stage', async () => {
  const client = new RowparityClient({ coordinator: scene.system.coordinatorUrl });
  const { runId: _, direction: _way, ...spec } = scene.spec('x', { tables: [{ name: 'orders' }] });
  await client.migrations.put('move', { version: 1, spec, stage: 'src_first' });
  const { page, complaints } = await show('/migrations/move');
  await page.waitForSelector('.answer h1');
  expect(await textOf(page, '.answer h1')).toBe('NOT YET.');
  expect(await textsOf(page, '.reasons li')).toContainEqual(expect.stringContaining('No full run'));
  await client.migrations.orderRun('move', { number: 1 });
  await page.waitForSelector('.answer.good', { timeout: WAIT.timeout });
  expect(await textOf(page, '.answer h1')).toBe('YES.');
  expect(await page.$eval('.facts a', (link) => link.getAttribute('href'))).toBe('/runs/move.1');
  expect((await textsOf(page, '.commands code'))[1]).toBe('rowparity stage move dst_first --from src_first');
  expect([await axeViolations(page), complaints]).toEqual([[], []]);
});

test('a run that follows another one tells what is new, what is still there, and leads to the other', async () => {
  await execute(
    ...([scene.pair, 'destination'] as const),
    "UPDATE order_items SET product = 'product' WHERE id IN (7, 8)",
    'DELETE FROM customers WHERE id = 77',
  );
  await scene.run(scene.spec('shop-2', { known: { of: 'shop-1' }, tables: shopTables() }));
  const { page, complaints } = await showRun('shop-2');
  expect(await textOf(page, '#h-since-the-run-before')).toBe('Since the run before');
  const numbers = await textsOf(page, 'section[aria-labelledby="h-since-the-run-before"] .numbers div');
  expect(numbers).toEqual(['New1', 'Still different5', 'Resolved2']);
  // Each row counts once, in the answer and in the gate.
  expect(await headline(page)).toContain('6 rows differ in 2 tables');
  expect(await textOf(page, '.gate')).toContain('6 rows differ, in customers (5), order_items (1)');
  const states = await textsOf(page, '.known tbody td[data-name="what"]');
  expect(states.filter((what) => what.endsWith('· new'))).toHaveLength(1);
  expect(states.filter((what) => what.endsWith('· resolved'))).toHaveLength(2);
  expect([await axeViolations(page), await printedPages(page)]).toEqual([[], PAPER_MAX]);
  await page.click('section[aria-labelledby="h-since-the-run-before"] a');
  await page.waitForFunction(() => location.pathname === '/runs/shop-1');
  expect(complaints).toEqual([]);
});

test('the numbers have their course beside them, for eyes alone', async () => {
  const { page } = await showRun('shop-1');
  const lines = await page.$$eval('.progress .spark', (all) =>
    all.map((one) => [one.getAttribute('aria-hidden'), one.querySelector('polyline')?.points.length ?? 0]),
  );
  expect(lines.length).toBeGreaterThan(0);
  for (const [isHidden, points] of lines) {
    expect(isHidden).toBe('true');
    expect(points).toBeGreaterThan(1);
  }
});

test('who works on an open run is one line: a paused run needs no worker, and without one it is a trouble', async () => {
  const runId = 'fleet-1';
  await controlledRun(runId);
  const { page, complaints } = await show(`/runs/${runId}`);
  const parts = () => textsOf(page, '.fleet li');
  await vi.waitFor(
    async () => expect(await parts()).toEqual(['● a coordinator leads', '● no worker is needed now']),
    WAIT,
  );
  expect(await axeViolations(page)).toEqual([]);
  const workers = scene.system.apps('worker');
  for (const worker of workers) await scene.system.end(worker, 'SIGTERM');
  await controlRun(scene.system.coordinatorUrl, runId, 'resume');
  await vi.waitFor(
    async () => expect(await parts()).toContain('▲ no worker takes shards: is one running?'),
    WAIT,
  );
  expect([await axeViolations(page), complaints]).toEqual([[], []]);
  for (const _ of workers) await scene.system.start('worker');
  await page.waitForSelector('.answer.good', { timeout: WAIT.timeout });
  // A settled run has no fleet.
  expect(await parts()).toEqual([]);
});

test('a run that is not there is said to be so', async () => {
  const { page } = await show('/runs/nowhere');
  await page.waitForSelector('[role=alert]');
  expect(await textOf(page, 'main')).toContain('There is no run "nowhere".');
});

async function startReporter(env: Readonly<Record<string, string>>): Promise<AppProcess> {
  return scene.system.start('reporter', env);
}

test('the page follows a run, says that the reporter is away, and goes on when it is back', async () => {
  const runId = 'followed';
  const reporter = await startReporter({});
  const port = new URL(reporter.url).port;
  await controlledRun(runId);
  const { page, complaints } = await show(`/runs/${runId}`, { origin: reporter.url });
  await page.waitForSelector('.link.live');
  await page.waitForFunction(() => document.body.textContent.includes('the run is paused'));
  await scene.system.end(reporter, 'SIGKILL');
  await page.waitForSelector('.link.lost');
  expect(await textOf(page, '.link')).toMatch(/^Connection lost; trying again\. Shown as of \d\d:\d\d\.$/);
  const next = await startReporter({ ROWPARITY_HTTP_PORT: port });
  await page.waitForSelector('.link.live');
  await controlRun(scene.system.coordinatorUrl, runId, 'resume');
  await page.waitForSelector('.answer.good', { timeout: WAIT.timeout });
  expect(complaints).toEqual([]);
  await scene.system.end(next, 'SIGTERM');
});

/** A run that is paused before it is done. */
async function controlledRun(runId: string): Promise<void> {
  await submitRun(
    scene.system.coordinatorUrl,
    scene.spec(runId, { tables: [{ name: 'orders' }], shard: { rows: 100 } }),
  );
  await controlRun(scene.system.coordinatorUrl, runId, 'pause');
  await vi.waitFor(async () => {
    expect(await readReport(scene.system.reporterUrl, runId)).toMatchObject({ paused: true, verdict: null });
  }, WAIT);
}

test('the token is asked for, kept for the tab alone, and a wrong one is refused', async () => {
  const reporter = await startReporter({ ROWPARITY_HTTP_TOKEN: TOKEN });
  const { page, complaints } = await show('/runs/shop-1', { origin: reporter.url });
  const give = async (token: string) => {
    await page.waitForSelector('#token');
    await page.$eval('#token', (field) => {
      (field as HTMLInputElement).value = '';
    });
    await page.type('#token', token);
    await page.keyboard.press('Enter');
  };
  await give('wrong');
  await page.waitForSelector('.problem');
  expect(await axeViolations(page)).toEqual([]);
  await give(TOKEN);
  await page.waitForSelector('.answer.bad');
  await page.reload();
  await page.waitForSelector('.map svg');
  expect(await page.evaluate(() => [Object.keys(localStorage), document.cookie])).toEqual([[], '']);
  expect(complaints).toEqual([]);
  await scene.system.end(reporter, 'SIGTERM');
});

test.each(LOOKS)(
  'no rule of accessibility and none of the policy is violated, $width wide and $scheme',
  async (look) => {
    for (const path of ['/', '/runs/shop-1', '/runs/equal-1', '/runs/refused-1', '/runs/nowhere']) {
      const { page, complaints } =
        path.startsWith('/runs/') && path !== '/runs/nowhere'
          ? await showRun(path.slice('/runs/'.length), { look })
          : await show(path, { look });
      await page.waitForSelector('h1');
      expect([path, await axeViolations(page)]).toEqual([path, []]);
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect([path, isWide, complaints]).toEqual([path, false, []]);
    }
  },
);

test('everything is reached with the keyboard, and the focus is seen', async () => {
  const { page } = await showRun('shop-1');
  const reached = new Set<string>();
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    reached.add(
      await page.evaluate(() => {
        const { outlineStyle } = getComputedStyle(document.activeElement ?? document.body);
        const name = document.activeElement?.tagName.toLowerCase() ?? '';
        return outlineStyle === 'none' ? `${name} without a mark` : name;
      }),
    );
  }
  expect([...reached].filter((name) => name.includes('without') && !name.startsWith('body'))).toEqual([]);
  for (const name of ['a', 'button', 'input', 'summary', 'svg', 'div']) expect(reached).toContain(name);
});

test('a run prints to one page', async () => {
  for (const runId of ['shop-1', 'equal-1', 'refused-1']) {
    const { page } = await showRun(runId);
    expect([runId, await printedPages(page)]).toEqual([runId, PAPER_MAX]);
  }
});

test('the documents of the run are saved as files', async () => {
  const { page } = await showRun('shop-1');
  const saved = await page.evaluate(async () => {
    const names: string[] = [];
    HTMLAnchorElement.prototype.click = function click() {
      names.push(this.download);
    };
    for (const button of document.querySelectorAll<HTMLButtonElement>('.documents button')) button.click();
    while (names.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
    return names;
  });
  expect(saved.toSorted()).toEqual(['shop-1.certificate.ndjson', 'shop-1.report.json']);
});

test('what the policy refuses is noticed here: a script and a style in the document', async () => {
  const { page, complaints } = await showRun('equal-1');
  await page.evaluate(() => {
    const style = document.createElement('style');
    style.textContent = 'body { color: red }';
    document.head.append(style);
    document.body.setAttribute('style', 'color: red');
    void fetch('http://127.0.0.1:9/').catch(() => undefined);
  });
  await vi.waitFor(() => expect(complaints.join(' ')).toMatch(/style-src[\s\S]*connect-src/), WAIT);
});

test('pictures for the documents are made', async () => {
  for (const [name, runId, look, height] of [
    ['page-desktop', 'shop-1', DESKTOP, 1000],
    ['page-dark', 'equal-1', { width: 1280, scheme: 'dark' }, 1000],
    ['page-telephone', 'shop-1', { width: 390, scheme: 'light' }, 844],
  ] as const) {
    const { page } = await showRun(runId, { look });
    await page.setViewport({ width: look.width, height });
    await page.screenshot({ path: `${PICTURES}/${name}.png` });
  }
});
