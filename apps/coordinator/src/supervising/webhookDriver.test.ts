import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Clock,
  migrationDefinition,
  type RunSpecInput,
  runSpec,
  zeroCounts,
} from '@rowparity/contracts';
import type { Ledger, MigrationStore, WebhookStore } from '@rowparity/core';
import { memoryMigrations } from '@rowparity/core/testing/memoryMigrations';
import { memoryWebhooks } from '@rowparity/core/testing/memoryWebhooks';
import { systemClock } from '@rowparity/runtime';
import { openSqliteLedger } from '@rowparity/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WebhookDriver } from './webhookDriver.ts';

const SECRET = 'a-secret-of-24-characters';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

type Answering = (response: ServerResponse, url: string) => void;

let received: Received[];
let answers: Answering[];
let url: string;
let close: () => Promise<void>;
let ledger: Ledger;
let migrations: MigrationStore;
let webhooks: WebhookStore;
let clock: SteppedClock;
let logged: object[];
const drivers: WebhookDriver[] = [];

/** Real sleeps of a few milliseconds, and a time that the test moves. */
class SteppedClock implements Clock {
  ms = Date.now();

  now(): number {
    return this.ms;
  }

  steadyNow(): number {
    return this.ms;
  }

  sleep(_ms: number, signal: AbortSignal): Promise<void> {
    return systemClock.sleep(5, signal);
  }
}

const taken: Answering = (response) => void response.writeHead(204).end();
const failing: Answering = (response) => void response.writeHead(500).end('x'.repeat(1_000_000));
const silent: Answering = () => undefined;

beforeEach(async () => {
  received = [];
  answers = [taken];
  logged = [];
  clock = new SteppedClock();
  ledger = openSqliteLedger({ path: ':memory:' });
  migrations = memoryMigrations(ledger);
  webhooks = memoryWebhooks();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.once('end', () => {
      const answer = answers[Math.min(received.length, answers.length - 1)] ?? taken;
      received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
      answer(response, request.url ?? '');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  close = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
});

afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.stop()));
  await close();
});

function drive(address = url): WebhookDriver {
  const lease = { term: { number: 1, signal: new AbortController().signal } };
  const tell = (what: object) => void logged.push(what);
  const log = { info: tell, warn: tell, error: tell };
  const endpoints = new Map([['ops', { url: address, secret: SECRET }]]);
  const driver = new WebhookDriver({ lease, endpoints, webhooks, migrations, ledger, clock, log });
  drivers.push(driver);
  driver.start();
  return driver;
}

const SPEC: RunSpecInput = {
  ...{ version: 1, runId: 'r-1', source: 's', destination: 'd', direction: 'SRC' },
  ...{ tables: [{ name: 't' }], webhook: { endpoint: 'Ops' } },
};

async function order(): Promise<void> {
  await webhooks.toldRunAdd('r-1', clock.ms);
  await ledger.createRun(runSpec.parse(SPEC), clock.ms);
}

/** A difference is committed, and the shard stays open. */
async function differing(): Promise<void> {
  const planning = await ledger.beginPlanning('r-1');
  await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
  const names = { source: 't', destination: 't' };
  const table = { names, plan: null, refusal: null, shards: 1, estimatedRows: 1 };
  await ledger.completePlan(planning, { tables: [table], now: clock.ms });
  const claim = await ledger.claim({ runId: 'r-1', shard: 0, holder: 'h', strikesMax: 3, now: clock.ms });
  if (claim.kind !== 'claimed') throw new Error(`expected a claim, found ${claim.kind}`);
  await ledger.commit(claim.hold, { checkpoint: ['1'], add: { ...zeroCounts(), neq: 2 } }, clock.ms);
}

const settle = (verdict: 'consistent' | 'inconsistent' | 'inconclusive' = 'inconclusive') =>
  ledger.settle('r-1', { verdict, failure: null, now: clock.ms });
const messages = () => received.map(({ body }) => JSON.parse(body));
const untilReceived = (count: number) =>
  expect.poll(() => received.length, { interval: 5 }).toBeGreaterThanOrEqual(count);
const untilTold = (pattern: RegExp) =>
  expect
    .poll(() => logged.map((line) => JSON.stringify(line)), { interval: 5 })
    .toContainEqual(expect.stringMatching(pattern));

/** The receiver's side, as docs/operating.md has it. */
function isGenuine({ headers, body }: Received): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const expected = `v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`;
  return headers['webhook-signature'] === expected;
}

it('a run is told of at its first difference and at its end, once each, signed', async () => {
  drive();
  await order();
  await differing();
  await untilReceived(1);
  await settle('inconsistent');
  await untilReceived(2);
  await expect.poll(() => webhooks.toldRuns(), { interval: 5 }).toEqual([]);
  expect(messages()).toMatchObject([
    { event: 'run.first_difference', runId: 'r-1', direction: 'SRC', differences: 2 },
    { event: 'run.settled', runId: 'r-1', verdict: 'inconsistent', failure: null, settledAt: clock.ms },
  ]);
  expect(received.every(isGenuine)).toBe(true);
  expect(received.map(({ headers }) => headers['webhook-id'])).toEqual(messages().map(({ id }) => id));
  expect(new Set(messages().map(({ id }) => id)).size).toBe(2);
});

it.each<[string, Answering, RegExp]>([
  ['answers 500, at length', failing, /refused with 500/],
  [
    'redirects',
    (response) => void response.writeHead(302, { location: `${url}/elsewhere` }).end(),
    /refused with 302, a redirect, which is not followed/,
  ],
  ['cuts the connection', (response) => void response.destroy(), /no answer: /],
])('a receiver that %s is told again later, with the same id', async (_what, answer, told) => {
  answers = [answer, taken];
  drive();
  await order();
  await settle();
  await untilTold(told);
  expect(received).toHaveLength(1);
  const [first] = messages();
  expect(await webhooks.getDelivery(first.id)).toMatchObject({ tries: 1, dueAt: clock.ms + 1000 });
  clock.ms += 1000;
  await untilReceived(2);
  expect(messages()).toEqual([first, first]);
  expect(received.every(isGenuine)).toBe(true);
  await expect.poll(() => webhooks.getDelivery(first.id), { interval: 5 }).toMatchObject({ dueAt: null });
});

it('a receiver that is down is tried again, and given up after a day, with the reason kept', async () => {
  await close();
  close = async () => undefined;
  drive();
  await order();
  await settle();
  await untilTold(/ECONNREFUSED/);
  const [delivery] = await webhooks.dueDeliveries(Number.MAX_SAFE_INTEGER, 1);
  const id = delivery?.message.id ?? '';
  clock.ms += 24 * 3600 * 1000;
  await expect
    .poll(() => webhooks.getDelivery(id), { interval: 5 })
    .toMatchObject({
      ...{ dueAt: null, tries: 2, last: 'no answer: ECONNREFUSED' },
    });
});

it('a slow receiver holds up no other message, and a stop does not wait for it', async () => {
  answers = [silent, taken];
  const driver = drive();
  await order();
  await settle();
  await untilReceived(1);
  await webhooks.addDelivery({
    endpoint: 'ops',
    message: { ...messages()[0], id: 'f'.repeat(32) },
  });
  await untilReceived(2);
  const before = performance.now();
  await driver.stop();
  expect(performance.now() - before).toBeLessThan(5000);
  // Nothing is noted of the attempt that was broken off: the next coordinator makes it again.
  expect(await webhooks.getDelivery(messages()[0].id)).toMatchObject({ tries: 0, dueAt: expect.any(Number) });
});

it('an answer that does not come is given up after ten seconds', async () => {
  answers = [silent];
  drive();
  await order();
  await settle();
  await expect
    .poll(() => logged.map((line) => JSON.stringify(line)), { interval: 50, timeout: 20_000 })
    .toContainEqual(expect.stringMatching(/no answer within 10 s/));
}, 30_000);

it('a coordinator that dies between an answer and its note makes the next one tell it again, with one id', async () => {
  const note = webhooks.noteAttempt;
  webhooks.noteAttempt = () => Promise.reject(new Error('killed'));
  const first = drive();
  await order();
  await settle();
  await untilReceived(1);
  await first.stop();
  webhooks.noteAttempt = note;
  const soFar = received.length;
  drive();
  await untilReceived(soFar + 1);
  expect(new Set(messages().map(({ id }) => id)).size).toBe(1);
});

it('a name that is not configured is kept, and told when it is', async () => {
  await order();
  await settle();
  const [run] = await webhooks.toldRuns();
  expect(run?.runId).toBe('r-1');
  const unconfigured = new WebhookDriver({
    ...{ lease: { term: { number: 1, signal: new AbortController().signal } }, endpoints: new Map() },
    ...{ webhooks, migrations, ledger, clock },
    log: { info: () => undefined, warn: (what: object) => void logged.push(what), error: () => undefined },
  });
  unconfigured.start();
  await untilTold(/no webhook of this name/);
  await unconfigured.stop();
  clock.ms += 1000;
  drive();
  await untilReceived(1);
});

it('a run without a webhook, and one that was never created, leave the list', async () => {
  await webhooks.toldRunAdd('ghost', clock.ms);
  const { webhook: _, ...bare } = SPEC;
  await webhooks.toldRunAdd('r-1', clock.ms);
  await ledger.createRun(runSpec.parse(bare), clock.ms);
  await settle();
  drive();
  await expect.poll(() => webhooks.toldRuns(), { interval: 5 }).toMatchObject([{ runId: 'ghost' }]);
  clock.ms += 61_000;
  await expect.poll(() => webhooks.toldRuns(), { interval: 5 }).toEqual([]);
  expect(received).toEqual([]);
});

it('the gate of a migration is told of when it opens, once for each time', async () => {
  const { runId: _, direction: _way, ...template } = SPEC;
  const gate = { maxAgeMs: 1e12 };
  const definition = migrationDefinition.parse({ version: 1, spec: template, gate, stage: 'src_first' });
  await migrations.createMigration('move', definition, 1);
  drive();
  const run = async (number: number, isEqual: boolean) => {
    const spec = runSpec.parse({
      ...template,
      runId: `move.${number}`,
      direction: 'SRC',
      stage: 'src_first',
    });
    await migrations.beginMigrationRun({ migrationId: 'move', number, spec, now: clock.ms });
    const planning = await ledger.beginPlanning(spec.runId);
    await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
    const names = { source: 't', destination: 't' };
    const schemas = { source: {}, destination: {} };
    const both = <T>(value: T) => ({ source: value, destination: value });
    const column = { names: both('id'), types: both('int'), readAs: { kind: 'plain' as const }, rules: [] };
    const plan = {
      ...{ tables: both({ schema: 's', table: 't' }), columns: [column], where: null },
      ...{ key: [{ column: 0, kind: 'integer' as const }], indexes: both('PRIMARY') },
    };
    const table = { names, plan, refusal: null, shards: 1, estimatedRows: 1, schemas };
    await ledger.completePlan(planning, { tables: [table], now: clock.ms });
    const claim = await ledger.claim({ ...spec, shard: 0, holder: 'h', strikesMax: 3, now: clock.ms });
    if (claim.kind !== 'claimed') throw new Error(`expected a claim, found ${claim.kind}`);
    const add = { ...zeroCounts(), rowsBase: 1, rowsTarget: 1, neq: isEqual ? 0 : 1 };
    const end = { checkpoint: null, add, outcome: isEqual ? 'match' : 'differs', failure: null } as const;
    await ledger.finish(claim.hold, end, clock.ms);
    const verdict = isEqual ? 'consistent' : 'inconsistent';
    await ledger.settle(spec.runId, { verdict, failure: null, now: clock.ms });
    await expect
      .poll(() => webhooks.gateSight('move', 1), { interval: 5 })
      .toEqual({ runs: number, stage: 'src_first', ready: isEqual });
  };
  await run(1, false);
  await run(2, true);
  await run(3, true);
  await run(4, false);
  await run(5, true);
  await untilReceived(2);
  expect(messages()).toMatchObject([
    { event: 'gate.opened', migrationId: 'move', stage: 'src_first', runId: 'move.2' },
    { event: 'gate.opened', migrationId: 'move', stage: 'src_first', runId: 'move.5' },
  ]);
});
