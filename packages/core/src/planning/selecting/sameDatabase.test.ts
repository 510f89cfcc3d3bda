import { expect, it } from 'vitest';
import { expectNotItself } from './sameDatabase.ts';
import type { SelectedTable } from './selectTables.ts';

const never = new AbortController().signal;
const identity = (database: string, uuid: string | null = null) => ({
  ...{ version: '10.11', host: 'db', port: '3306', serverId: '1', uuid, database },
  position: { missing: 'none' },
});

function selected(source: string, destination = source): SelectedTable {
  return { source, destination, selection: { name: source }, refusal: undefined };
}

/** A server that counts; `busy` others count on it before each answer. */
function counter(from: bigint, busy = 0n) {
  let last = from;
  const tick = async () => {
    last += 1n + busy;
    return last;
  };
  return { tick };
}

const SAME = { class: 'configuration', code: 'SAME_DATABASE', message: expect.stringContaining('orders') };
const one = counter(100n);
const busy = counter(100n, 7n);

it.each([
  ['one server', { base: one, target: one }],
  ['one busy server', { base: busy, target: busy }],
])('a table of %s is not compared with itself', async (_, catalogs) => {
  const servers = { base: identity('shop'), target: identity('shop') };
  await expect(expectNotItself([selected('orders')], { servers, catalogs }, never)).rejects.toMatchObject(
    SAME,
  );
});

it.each([
  ['of one hour, image and count', { base: counter(100n), target: counter(100n) }],
  ['of which one is a step ahead', { base: counter(100n), target: counter(101n) }],
  ['of which one is far ahead', { base: counter(100n), target: counter(1n << 62n) }],
  ['of which one is busy', { base: counter(100n, 9n), target: counter(100n) }],
  ['that count in other steps', { base: counter(100n, 1n), target: counter(103n, 1n) }],
])('two servers %s are two, whatever their names and uuids', async (_, catalogs) => {
  const servers = { base: identity('shop', 'u'), target: identity('shop', 'u') };
  await expectNotItself([selected('orders')], { servers, catalogs }, never);
});

it('other tables and other databases of one server are compared, and nothing else is asked', async () => {
  const unasked = { tick: async () => expect.fail('nothing is to be asked') };
  const catalogs = { base: unasked, target: unasked };
  const servers = { base: identity('shop'), target: identity('shop') };
  await expectNotItself([selected('orders', 'orders_new')], { servers, catalogs }, never);
  const others = { base: identity('shop'), target: identity('shop_new') };
  await expectNotItself([selected('orders')], { servers: others, catalogs }, never);
});

it('one table of many that would be its own partner is enough', async () => {
  const catalogs = { base: one, target: one };
  const servers = { base: identity('shop'), target: identity('shop') };
  const tables = [selected('items', 'items_new'), selected('orders')];
  const fault: unknown = await expectNotItself(tables, { servers, catalogs }, never).catch((error) => error);
  expect(fault).toMatchObject(SAME);
  expect(String(fault)).not.toContain('items');
});

it('of servers that do not count, equal uuids decide, and a missing one makes nothing the same', async () => {
  const silent = { tick: async () => undefined };
  const compare = (...[a, b]: readonly [string | null, string | null]) =>
    expectNotItself(
      [selected('orders')],
      {
        servers: { base: identity('shop', a), target: identity('shop', b) },
        catalogs: { base: silent, target: silent },
      },
      never,
    );
  await expect(compare('u', 'u')).rejects.toMatchObject(SAME);
  await compare('u', 'v');
  await compare(null, null);
});
