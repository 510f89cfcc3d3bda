// Distinctive credentials and row values go in. Then the test searches all outputs for them: logs, jobs, every
// value in Redis, metrics, traces, HTTP answers, command lines, the events and the certificate.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KnownAnswer } from '@rowparity/contracts';
import { readEvents, type System, startSystem } from '@rowparity/harness';
import { connect, type SpanCollector, type SqlDescription, startSpanCollector } from '@rowparity/testkit';
import { freshDatabases, freshTopic, kafkaServer, redisServer } from '@rowparity/testkit/vitest';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatabasePair } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const USER = 'leaktest';
const SQL_PASSWORD = 'sql-Geheim/ß&7';
const REDIS_PASSWORD = 'redis-geheim-word';
const TOKEN = 'token-geheim-0123456789';
const WEBHOOK_PATH = 'webhook-geheim-path';
const WEBHOOK_SECRET = 'webhook-geheim-secret-of-24';
const ROW_VALUES = ['rowvalue-same', 'rowvalue-source', 'rowvalue-destination', 'rowvalue-missing'];
const SECRETS = [
  SQL_PASSWORD,
  encodeURIComponent(SQL_PASSWORD),
  'Geheim',
  REDIS_PASSWORD,
  TOKEN,
  WEBHOOK_PATH,
  WEBHOOK_SECRET,
  ...ROW_VALUES,
];
const RUN = 'secret-run';
const REDIS_DATABASE = 12;
const ROWS = 4000;
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

let pair: DatabasePair;
let system: System;
let topic: string;
let collector: SpanCollector;

beforeAll(async () => {
  [pair, topic, collector] = await Promise.all([freshDatabases(), freshTopic(2), startSpanCollector()]);
  for (const { server, name } of [pair.source, pair.destination]) await grantSelect(server, name);
  const admin = redisAdmin();
  await admin.call('ACL', 'SETUSER', USER, 'reset', 'on', `>${REDIS_PASSWORD}`, '~*', '&*', '+@all');
  await admin.quit();
  const values = Array.from({ length: ROWS }, (_, i) => `(${i}, '${ROW_VALUES[0]}')`).join();
  await execute(
    pair,
    'both',
    'CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(40), UNIQUE KEY (id, v))',
    `INSERT INTO t VALUES ${values}`,
  );
  await execute(pair, 'source', `UPDATE t SET v = '${ROW_VALUES[1]}' WHERE id IN (7, 2000)`);
  await execute(pair, 'destination', `UPDATE t SET v = '${ROW_VALUES[2]}' WHERE id IN (7, 2000)`);
  await execute(pair, 'source', `INSERT INTO t VALUES (100000, '${ROW_VALUES[3]}')`);
  const redis = new URL(redisServer().url);
  system = await startSystem({
    label: 'e2e-secrets',
    redisUrl: `redis://${USER}:${REDIS_PASSWORD}@${redis.host}/${REDIS_DATABASE}`,
    brokers: kafkaServer().brokers,
    connections: { source: urlOf(pair.source), destination: urlOf(pair.destination) },
    env: {
      ROWPARITY_HTTP_TOKEN: TOKEN,
      ROWPARITY_LOG_LEVEL: 'debug',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      ROWPARITY_WEBHOOKS: JSON.stringify({
        ops: { url: `http://127.0.0.1:1/${WEBHOOK_PATH}`, secret: WEBHOOK_SECRET },
      }),
    },
  });
});

afterAll(async () => {
  await system?.stop();
  await collector?.close();
  const admin = redisAdmin();
  await admin.call('ACL', 'DELUSER', USER);
  await admin.quit();
  await Promise.all([pair.source.drop(), pair.destination.drop()]);
});

function redisAdmin(): Redis {
  return new Redis(`${redisServer().url}/${REDIS_DATABASE}`);
}

/** All that a run needs. */
async function grantSelect(server: SqlDescription, database: string): Promise<void> {
  const connection = await connect(server);
  await connection.query(`DROP USER IF EXISTS '${USER}'@'%'`);
  await connection.query(`CREATE USER '${USER}'@'%' IDENTIFIED BY '${SQL_PASSWORD}'`);
  await connection.query(`GRANT SELECT ON \`${database}\`.* TO '${USER}'@'%'`);
  await connection.end();
}

function urlOf({ server, name }: DatabasePair['source']): string {
  return `mysql://${USER}:${encodeURIComponent(SQL_PASSWORD)}@${server.host}:${server.port}/${name}?allowPublicKeyRetrieval=true`;
}

async function untilSettled(): Promise<{ readonly verdict: string; readonly text: string }> {
  for (;;) {
    const text = await answerOf(`${system.reporterUrl}/v1/runs/${RUN}/report`);
    const report = JSON.parse(text) as { state: string; verdict: string };
    if (report.state === 'settled') return { verdict: report.verdict, text };
    await sleep(200);
  }
}

async function answerOf(url: string, init: RequestInit = {}): Promise<string> {
  return (await fetch(url, { headers, ...init })).text();
}

async function everythingInRedis(): Promise<Map<string, string>> {
  const admin = redisAdmin();
  const found = new Map<string, string>();
  for (const key of await admin.keys('*')) {
    const value = await admin.dumpBuffer(key);
    // A dump may be compressed; what the type holds is read as it is.
    const type = await admin.type(key);
    const texts: unknown[] = [value?.toString('latin1')];
    if (type === 'hash') texts.push(await admin.hgetall(key));
    if (type === 'list') texts.push(await admin.lrange(key, 0, -1));
    if (type === 'set') texts.push(await admin.smembers(key));
    if (type === 'zset') texts.push(await admin.zrange(key, '0', '-1'));
    if (type === 'string') texts.push(await admin.get(key));
    if (type === 'stream') texts.push(await admin.xrange(key, '-', '+'));
    found.set(`redis ${key}`, JSON.stringify(texts));
  }
  await admin.quit();
  return found;
}

test('a user with nothing but SELECT suffices, and no secret and no row value comes out anywhere', async () => {
  const outputs = new Map<string, string>();
  const spec = {
    ...{ version: 1, runId: RUN, source: 'source', destination: 'destination', direction: 'SRC' },
    ...{ tables: [{ name: 't' }], shard: { rows: 500 }, recheck: { delaysMs: [50] }, events: { topic } },
    webhook: { endpoint: 'ops' },
  };
  const post = { method: 'POST', body: JSON.stringify(spec) };
  outputs.set('coordinator POST', await answerOf(`${system.coordinatorUrl}/v1/runs`, post));
  const bad = { method: 'POST', body: JSON.stringify({ ...spec, runId: 'bad', source: urlOf(pair.source) }) };
  const refused = await answerOf(`${system.coordinatorUrl}/v1/runs`, bad);
  expect(refused).toContain('source');
  outputs.set('coordinator refusal', refused);
  const dryRun = await answerOf(`${system.coordinatorUrl}/v1/runs?dryRun=true`, post);
  expect(dryRun).toContain('"dryRun":true');
  outputs.set('coordinator dry run', dryRun);
  // Jobs and the ledger while the run goes on; a worker dies with a shard in its hands.
  for (const [name, text] of await everythingInRedis()) outputs.set(`early ${name}`, text);
  const [worker] = system.apps('worker');
  if (worker) await system.end(worker, 'SIGKILL');
  const { verdict, text } = await untilSettled();
  expect(verdict).toBe('inconsistent');
  outputs.set('report', text);

  for (const [name, found] of await everythingInRedis()) outputs.set(name, found);
  const { coordinatorUrl, reporterUrl } = system;
  const workerUrls = system.apps('worker').map(({ url }) => url);
  const urls = [coordinatorUrl, reporterUrl, ...workerUrls].flatMap((url) =>
    ['/metrics', '/livez', '/readyz', '/openapi.json', '/nowhere'].map((path) => url + path),
  );
  urls.push(
    ...['', `/${RUN}`].map((path) => `${coordinatorUrl}/v1/runs${path}`),
    `${coordinatorUrl}/v1/backlog`,
    `${coordinatorUrl}/v1/doctor`,
  );
  urls.push(
    ...[
      '',
      `/${RUN}/progress`,
      `/${RUN}/certificate`,
      `/${RUN}/known`,
      `/${RUN}/live`,
      `/${RUN}/shards/map`,
      `/${RUN}/fleet`,
      `/${RUN}/known?order=newest`,
    ].map((path) => `${reporterUrl}/v1/runs${path}`),
  );
  for (const url of urls) outputs.set(url, await answerOf(url));
  expect(outputs.get(`${reporterUrl}/v1/runs/${RUN}/certificate`)).toContain('"verdict"');
  // Keys of differences are kept with the run; the search below finds no value beside them.
  const known = JSON.parse(outputs.get(`${reporterUrl}/v1/runs/${RUN}/known`) ?? '') as KnownAnswer;
  expect(known.known.map(({ type }) => type).sort()).toEqual(['neq', 'neq', 'target_missing']);
  expect([...outputs.keys()]).toContainEqual(expect.stringMatching(/^redis .*:known$/));
  const unauthorized = await fetch(`${reporterUrl}/v1/runs`);
  expect(unauthorized.status).toBe(401);
  outputs.set('401', await unauthorized.text());
  for (const app of [...system.apps('coordinator'), ...system.apps('worker'), ...system.apps('reporter')]) {
    outputs.set(`argv ${app.name}`, await readFile(`/proc/${app.pid}/cmdline`, 'utf8').catch(() => ''));
  }
  const events = await readEvents({ brokers: kafkaServer().brokers, topic, runId: RUN });
  expect(
    new Set(events.map(({ headers: { 'rowparity-event-id': id }, text: event }) => id ?? event)).size,
  ).toBe(3);
  outputs.set('events', JSON.stringify(events));

  await expect.poll(() => system.lastLogLines(), { timeout: 30_000 }).toContain('webhook not told');
  await system.stop();
  const logs = (await readdir(system.logFolder)).filter((name) => name.endsWith('.log'));
  expect(logs.length).toBeGreaterThanOrEqual(4);
  for (const name of logs) outputs.set(name, await readFile(join(system.logFolder, name), 'utf8'));

  expect(collector.spans().length).toBeGreaterThan(5);
  outputs.set('traces', collector.texts().join());

  // The same search finds the texts that must be there.
  const mentions = [...outputs.values()].filter((output) => output.includes(RUN));
  expect(mentions.length).toBeGreaterThan(10);
  expect(outputs.size).toBeGreaterThan(30);
  const leaks = [...outputs].flatMap(([place, output]) =>
    SECRETS.filter((secret) => output.includes(secret)).map((secret) => `${secret} in ${place}`),
  );
  expect(leaks).toEqual([]);
});
