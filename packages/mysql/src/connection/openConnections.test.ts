import { expect, it } from 'vitest';
import { openConnections } from './openConnections.ts';

const GOOD = 'mysql://reader:secret-word@db1:3307/shop';

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

it('every bad URL is named by its variable, and shows no password', () => {
  const urls = new Map([
    ['A', 'mysql://reader:secret-word@db1'],
    ['B', 'nonsense-secret-word'],
    ['C', GOOD],
  ]);
  const open = () => openConnections(urls, { idleMax: 2 });
  expect(open).toThrow(/ROWPARITY_CONNECTION_A: .*\nROWPARITY_CONNECTION_B: /);
  expect(open).not.toThrow(/secret-word/);
});
