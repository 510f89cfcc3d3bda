import { expect, it } from 'vitest';
import { judgeInfo } from './checkRedis.ts';

const info = (fields: Readonly<Record<string, string>>): string =>
  ['# Server', ...Object.entries(fields).map(([name, value]) => `${name}:${value}`), ''].join('\r\n');

const FIT = { redis_version: '7.0.15', maxmemory_policy: 'noeviction', aof_enabled: '1' };

it('a Redis that neither evicts nor forgets gets no warning', () => {
  expect(judgeInfo(info(FIT))).toEqual({ version: '7.0.15', warnings: [] });
});

it('eviction and a missing append-only file are warned of, each with its setting', () => {
  const { warnings } = judgeInfo(info({ ...FIT, maxmemory_policy: 'allkeys-lru', aof_enabled: '0' }));
  expect(warnings).toEqual([expect.stringContaining('noeviction'), expect.stringContaining('appendonly')]);
});

it.each(['6.2.0', '6.10.1', '7.0.0', '8.2.1'])('version %s is new enough', (version) => {
  expect(judgeInfo(info({ ...FIT, redis_version: version })).version).toBe(version);
});

it.each(['6.0.16', '5.0.7', '2.8'])('version %s is refused, naming the variable', (version) => {
  expect(() => judgeInfo(info({ ...FIT, redis_version: version }))).toThrow(/ROWPARITY_REDIS_URL.*6\.2/);
});
