import { expect, it } from 'vitest';
import { connectionUrl } from './connectionUrl.ts';
import { openConnections } from './openConnections.ts';

const GOOD = connectionUrl.parse('mysql://reader:secret-word@db1:3307/shop');

it('a connection is found by its name, in any case', async () => {
  const connections = openConnections(new Map([['SOURCE', GOOD]]), { idleMax: 2 });
  expect(connections.pool('source').place).toBe('source (db1:3307/shop)');
  expect(connections.pool('Source')).toBe(connections.pool('SOURCE'));
  await connections.close();
});

it('an unknown connection is refused with the variable to set and the names that are known', () => {
  const connections = openConnections(new Map([['SOURCE', GOOD]]), { idleMax: 2 });
  expect(() => connections.pool('old')).toThrow(/"old": expected one of source\..*ROWPARITY_CONNECTION_OLD/);
});

it.each([
  ['', 'not measured yet'],
  ['?compress=true', 'compress=true, as its URL or option file says'],
  ['?compress=zstd', 'compress=zstd, as its URL or option file says'],
  ['?compress=false', 'not compressed, as its URL or option file says'],
])('before a session was opened, the link of a connection with "%s" is: %s', (query, words) => {
  const target = connectionUrl.parse(`mysql://reader@db1:3307/shop${query}`);
  const connections = openConnections(new Map([['SOURCE', target]]), { idleMax: 2 });
  expect(connections.link('source')).toBe(words);
});

it('a unix socket has no link to measure', () => {
  const target = connectionUrl.parse('mysql://reader@localhost/shop?socket=/run/mysqld/mysqld.sock');
  const connections = openConnections(new Map([['SOURCE', target]]), { idleMax: 2 });
  expect(connections.link('source')).toBe('a unix socket; not compressed');
});
