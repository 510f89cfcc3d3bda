// Names and bodies of an attacker: refused or quoted, nothing executed, nothing crashed.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

const NAMES = [
  'back`tick',
  "quo'te",
  'dou"ble',
  'semi; DROP TABLE victim; -- x',
  '$(jndi)\\n/*!99999 x*/',
  'new\nline',
  'brace{}[]*?',
  'snö☃字',
  'x'.repeat(64),
  ' leading',
  '__proto__',
];

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'hostileInput', redisDatabase: 13 });
  await execute(
    scene.pair,
    'both',
    'CREATE TABLE victim (id INT PRIMARY KEY)',
    'INSERT INTO victim VALUES (1)',
  );
});
afterAll(() => scene?.[Symbol.asyncDispose]());

const quoted = (name: string) => `\`${name.replaceAll('`', '``')}\``;

async function post(body: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`${scene.system.coordinatorUrl}/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  return { status: response.status, text: await response.text() };
}

test('tables and columns of any name are compared, and what differs is named as it is', async () => {
  for (const name of NAMES) {
    await execute(
      scene.pair,
      'both',
      `CREATE TABLE ${quoted(name)} (${quoted(`id ${name}`.slice(0, 64))} INT PRIMARY KEY, ${quoted(name)} VARCHAR(99))`,
      `INSERT INTO ${quoted(name)} VALUES (1, 'a'), (2, 'b'), (3, 'c')`,
    );
    await execute(scene.pair, 'destination', `UPDATE ${quoted(name)} SET ${quoted(name)} = 'x' LIMIT 1`);
  }
  const report = await scene.run(scene.spec('hostile-names'));
  expect(report).toMatchObject({ verdict: 'inconsistent', complete: true, counts: { neq: NAMES.length } });
  const events = await scene.eventsOf('hostile-names');
  const found = events.map(({ text }) => JSON.parse(text) as { Table: string; Columns: string[] });
  expect(found.map(({ Table }) => Table).sort()).toEqual([...NAMES].sort());
  for (const { Table, Columns } of found) expect(Columns).toEqual([Table]);
});

test('a table by a hostile name that is not there ends the run with a reason', async () => {
  const spec = scene.spec('hostile-missing', { tables: [{ name: "x'; DROP TABLE victim; --" }] });
  expect(await scene.run(spec)).toMatchObject({ verdict: 'inconclusive' });
  const alive = await scene.run(scene.spec('victim-lives', { tables: [{ name: 'victim' }] }));
  expect(alive).toMatchObject({ verdict: 'consistent', counts: { rowsBase: 1 } });
});

test.each([
  '../../etc/passwd',
  "x' OR 1=1",
  'a:b',
  'run\n',
  'run\u0000',
  '😀',
  '__proto__',
  'x'.repeat(101),
  '',
  '{evil}',
])('run id %j is refused', async (runId) => {
  const { status, text } = await post(JSON.stringify({ ...scene.spec('x'), runId }));
  expect([status, text.includes('runId')]).toEqual([400, true]);
});

test.each([
  ['an oversized body', `{"a":"${'x'.repeat(3_000_000)}"}`, 413],
  ['a deeply nested body', `${'['.repeat(200_000)}${']'.repeat(200_000)}`, 400],
  ['a deeply nested spec', `{"tables":${'['.repeat(50_000)}${']'.repeat(50_000)}}`, 400],
  ['half a body', '{"version":1', 400],
  ['another type', '[]', 400],
  ['nothing', 'null', 400],
  ['a polluted prototype', '{"__proto__":{"polluted":true}}', 400],
  [
    'a predicate, which is not allowed here',
    JSON.stringify({ version: 1, tables: [{ name: 't', where: '1=1' }] }),
    400,
  ],
])('%s is refused, and the coordinator lives on', async (_what, body, status) => {
  expect((await post(body)).status).toBe(status);
  expect((await fetch(`${scene.system.coordinatorUrl}/livez`)).status).toBe(200);
});

test.each([
  '/v1/runs/%00',
  '/v1/runs/..%2f..%2fetc',
  '/v1/runs/%ff',
  `/v1/runs/${'x'.repeat(5000)}`,
  '/v1/runs/%7bx%7d',
])('asking for %s is answered without a fault', async (path) => {
  for (const url of [scene.system.coordinatorUrl, `${scene.system.reporterUrl}`]) {
    const { status } = await fetch(url + (url === scene.system.coordinatorUrl ? path : `${path}/report`));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  }
});
