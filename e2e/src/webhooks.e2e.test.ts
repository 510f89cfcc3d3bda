// Webhooks from real coordinators: the receiver fails, a coordinator is killed, and each event is told with one id.

import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { RowparityClient } from '@rowparity/client';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const SECRET = 'the-secret-of-the-webhook-test';
const WAIT = { timeout: 60_000, interval: 50 };

interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const received: Received[] = [];
/** What the receiver answers now. */
let status = 204;
const receiver = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.once('end', () => {
    received.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    response.writeHead(status).end();
  });
});

let scene: Scene;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/rowparity`;
  scene = await openScene({
    ...{ label: 'webhooks', redisDatabase: 6 },
    env: { ROWPARITY_WEBHOOKS: JSON.stringify({ ops: { url, secret: SECRET } }) },
  });
  await execute(
    ...([scene.pair, 'both'] as const),
    'CREATE TABLE orders (id INT PRIMARY KEY, n INT)',
    'INSERT INTO orders VALUES (1, 1), (2, 2), (3, 3)',
  );
});
afterAll(async () => {
  await scene?.[Symbol.asyncDispose]();
  receiver.closeAllConnections();
  await new Promise<void>((resolve) => receiver.close(() => resolve()));
});

const told = () => received.map(({ body }) => JSON.parse(body));
const clientNow = () =>
  new RowparityClient({ coordinator: scene.system.coordinatorUrl, reporter: scene.system.reporterUrl });

function isGenuine({ headers, body }: Received): boolean {
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return (
    headers['webhook-signature'] === `v1,${createHmac('sha256', SECRET).update(signed).digest('base64')}`
  );
}

test('a receiver that fails is told again by the next coordinator, with the same ids and signed', async () => {
  await execute(scene.pair, 'destination', 'UPDATE orders SET n = 9 WHERE id = 2');
  status = 500;
  await scene.run(scene.spec('hooked', { webhook: { endpoint: 'ops' } }));
  await vi.waitFor(() => expect(told().map(({ event }) => event)).toContain('run.settled'), WAIT);
  const [victim] = scene.system.apps('coordinator');
  if (!victim) throw new Error('expected a coordinator, found none');
  await scene.system.start('coordinator');
  await scene.system.end(victim, 'SIGKILL');
  status = 204;
  const failed = received.length;
  await vi.waitFor(() => expect(received.length).toBeGreaterThanOrEqual(failed + 2), WAIT);
  const ids = (all: readonly { readonly id: string }[]) => [...new Set(all.map(({ id }) => id))].sort();
  expect(ids(told().slice(failed))).toEqual(ids(told()));
  expect(ids(told())).toHaveLength(2);
  expect(received.every(isGenuine)).toBe(true);
  expect(told().at(-1)).toMatchObject({ runId: 'hooked' });
  expect(told()).toContainEqual(
    expect.objectContaining({ event: 'run.settled', runId: 'hooked', verdict: 'inconsistent' }),
  );
});

test('a migration tells of its runs, and of its gate when that opens', async () => {
  received.length = 0;
  await execute(scene.pair, 'destination', 'UPDATE orders SET n = 2 WHERE id = 2');
  const { runId: _, direction: _way, ...spec } = scene.spec('x', { webhook: { endpoint: 'ops' } });
  const client = clientNow();
  await client.migrations.put('hooked-move', { version: 1, spec, stage: 'src_first' });
  await client.migrations.orderRun('hooked-move', { number: 1 });
  await vi.waitFor(() => expect(told()).toHaveLength(2), WAIT);
  expect(
    told()
      .map(({ event }) => event)
      .toSorted(),
  ).toEqual(['gate.opened', 'run.settled']);
  expect(told()).toContainEqual(
    expect.objectContaining({ event: 'gate.opened', migrationId: 'hooked-move', runId: 'hooked-move.1' }),
  );
});

test('a webhook that is not configured is refused with the place', async () => {
  const call = clientNow().submit(scene.spec('unhooked', { webhook: { endpoint: 'nobody' } }));
  await expect(call).rejects.toMatchObject({
    code: 'invalid_spec',
    problems: [{ path: 'webhook.endpoint', message: expect.stringContaining('expected one of ops') }],
  });
});
