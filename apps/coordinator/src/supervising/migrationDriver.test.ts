import { setImmediate as turn } from 'node:timers/promises';
import { type Clock, Fault, migrationDefinition } from '@rowparity/contracts';
import type { Ledger, MigrationStore, WebhookStore } from '@rowparity/core';
import { memoryMigrations } from '@rowparity/core/testing/memoryMigrations';
import { memoryWebhooks } from '@rowparity/core/testing/memoryWebhooks';
import { openSqliteLedger } from '@rowparity/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MigrationDriver } from './migrationDriver.ts';

const EVERY_MS = 60_000;
const ID = 'move';

/** Time stands still but for the test; each sleep lets everything else have a turn. */
class StillClock implements Clock {
  ms = 1_000_000;
  looks = 0;

  now(): number {
    return this.ms;
  }

  steadyNow(): number {
    return this.ms;
  }

  async sleep(_ms: number, signal: AbortSignal): Promise<void> {
    this.looks += 1;
    await turn();
    signal.throwIfAborted();
  }
}

let clock: StillClock;
let ledger: Ledger;
let migrations: MigrationStore;
let told: object[];
let webhooks: WebhookStore;
const drivers: MigrationDriver[] = [];

beforeEach(() => {
  clock = new StillClock();
  ledger = openSqliteLedger({ path: ':memory:' });
  migrations = memoryMigrations(ledger);
  told = [];
  webhooks = memoryWebhooks();
});
afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.stop()));
});

function drive(leads = true, used = migrations): MigrationDriver {
  const term = leads ? { number: 1, signal: new AbortController().signal } : undefined;
  const tell = (what: object) => void told.push(what);
  const log = { info: () => undefined, warn: tell, error: tell };
  const driver = new MigrationDriver({ lease: { term }, migrations: used, ledger, webhooks, clock, log });
  drivers.push(driver);
  driver.start();
  return driver;
}

function put(everyMs: number | null, id = ID, more: object = {}) {
  const spec = { version: 1, source: 's', destination: 'd', tables: [{ name: 't' }], ...more } as const;
  const definition = migrationDefinition.parse({ version: 1, spec, schedule: { everyMs } });
  return migrations.createMigration(id, definition, clock.ms);
}

/** Every look that was under way is over, and another one was made. */
async function someLooks(): Promise<void> {
  const from = clock.looks;
  await expect.poll(() => clock.looks, { interval: 1 }).toBeGreaterThan(from + 5);
}

const runs = async () => (await migrations.getMigration(ID))?.runs;
const settle = (runId: string) =>
  ledger.settle(runId, { verdict: 'inconclusive', failure: null, now: clock.ms });

it('a scheduled migration begins a run at once, and the next one that long after its end', async () => {
  drive();
  await put(EVERY_MS);
  await someLooks();
  expect(await runs()).toBe(1);
  clock.ms += 10 * EVERY_MS;
  await someLooks();
  expect(await runs()).toBe(1);
  await settle(`${ID}.1`);
  clock.ms += EVERY_MS - 1;
  await someLooks();
  expect(await runs()).toBe(1);
  clock.ms += 1;
  await someLooks();
  expect(await runs()).toBe(2);
});

it('without a schedule a run begins when one is ordered, and an order waits for the run under way', async () => {
  drive();
  await put(null);
  await someLooks();
  expect(await runs()).toBe(0);
  await migrations.orderMigrationRun(ID);
  await someLooks();
  expect(await runs()).toBe(1);
  await migrations.orderMigrationRun(ID);
  await someLooks();
  expect(await runs()).toBe(1);
  await settle(`${ID}.1`);
  await someLooks();
  expect(await runs()).toBe(2);
});

it('after a turn of the direction the next run begins when the ended one is settled', async () => {
  drive();
  await put(null);
  await migrations.switchStage(ID, { to: 'src_first', now: clock.ms });
  await migrations.orderMigrationRun(ID);
  await someLooks();
  await migrations.switchStage(ID, { to: 'dst_first', now: clock.ms });
  await someLooks();
  expect(await runs()).toBe(1);
  await settle(`${ID}.1`);
  await someLooks();
  expect(await ledger.getRun(`${ID}.2`)).toMatchObject({ direction: 'DST', generation: 2 });
});

it('a run whose record is gone is over: the next one begins by the time of its beginning', async () => {
  drive();
  await put(EVERY_MS);
  await someLooks();
  await settle(`${ID}.1`);
  await ledger.deleteRun(`${ID}.1`);
  await someLooks();
  expect(await runs()).toBe(1);
  clock.ms += EVERY_MS;
  await someLooks();
  expect(await runs()).toBe(2);
});

it('who does not lead begins nothing, and two who believe to lead begin one run', async () => {
  drive(false);
  await put(EVERY_MS);
  await someLooks();
  expect(await runs()).toBe(0);
  drive();
  drive();
  await someLooks();
  expect(await runs()).toBe(1);
});

it('a migration that cannot go on is told once a minute, and the others go on', async () => {
  await put(EVERY_MS, 'broken');
  clock.ms -= 1;
  await put(EVERY_MS);
  const broken = new Fault('permanent', { code: 'RUN_UNREADABLE', message: 'torn' });
  drive(true, {
    ...migrations,
    beginMigrationRun: (begin) =>
      begin.migrationId === 'broken' ? Promise.reject(broken) : migrations.beginMigrationRun(begin),
  });
  await someLooks();
  expect(await runs()).toBe(1);
  expect(told).toEqual([{ migrationId: 'broken', err: broken }]);
  clock.ms += 60_000;
  await someLooks();
  expect(told).toHaveLength(2);
});

it('a run of a migration with a webhook is on the list of those to be told of', async () => {
  await put(null);
  await put(EVERY_MS, 'told', { webhook: { endpoint: 'ops' } });
  await migrations.orderMigrationRun(ID);
  drive();
  await someLooks();
  expect((await webhooks.toldRuns()).map(({ runId }) => runId)).toEqual(['told.1']);
});
