import type { Failure, Finding } from '@rowparity/contracts';
import { describe, expect, it } from 'vitest';
import { clockFindings } from './clockFindings.ts';
import type { KafkaFacts, ServerFacts, TopicFacts } from './facts.ts';
import { kafkaFindings, redisFindings } from './fleetFindings.ts';
import { machineFindings } from './machineFindings.ts';
import { loginFinding, serverFindings } from './serverFindings.ts';

const GIB = 1024 ** 3;
const AT = Date.UTC(2026, 10, 27);

const SERVER: ServerFacts = {
  version: '9.7.4',
  isMariaDb: false,
  account: 'reader@%',
  tls: 'TLSv1.3 (TLS_AES_256_GCM_SHA384)',
  isLocal: false,
  isVerified: true,
  link: 'round trip 0.2 ms, 400 MB/s a connection; not compressed',
  settings: 21,
  connectionsOfUser: null,
  connectionsOfAll: 151,
  connected: 3,
  clock: { serverMs: AT, beforeMs: AT, afterMs: AT },
  isWhole: true,
  positionMissing: undefined,
};
const NEEDS = { sessions: 8, hasPattern: true, database: 'shop' };

function levelsOf(findings: readonly Finding[]): Readonly<Record<string, Finding['level']>> {
  return Object.fromEntries(findings.map(({ check, level }) => [check, level]));
}

describe('a server', () => {
  it('of which nothing is to be said is well in every check', () => {
    const findings = serverFindings('source', SERVER, NEEDS);
    expect(new Set(findings.map(({ level }) => level))).toEqual(new Set(['ok']));
    expect(findings.map(({ check }) => check)).toEqual([
      ...['login', 'connection', 'tls', 'version', 'session', 'connections', 'privileges'],
    ]);
  });

  it.each([
    ['no TLS over a network', { tls: null }, 'tls', 'warning'],
    ['no TLS on this machine', { tls: null, isLocal: true }, 'tls', 'ok'],
    ['an unchecked certificate', { isVerified: false }, 'tls', 'warning'],
    ['MySQL 8.0', { version: '8.0.36-28.1' }, 'version', 'ok'],
    ['MySQL 5.7', { version: '5.7.44-log' }, 'version', 'warning'],
    ['MariaDB 10.11', { version: '10.11.19-MariaDB-0+deb12u1', isMariaDb: true }, 'version', 'ok'],
    ['MariaDB 10.3', { version: '10.3.39-MariaDB', isMariaDb: true }, 'version', 'warning'],
    ['a version without a number', { version: 'rose' }, 'version', 'warning'],
    ['a user with few connections', { connectionsOfUser: 7 }, 'connections', 'warning'],
    ['a user with enough connections', { connectionsOfUser: 8 }, 'connections', 'ok'],
    ['a server that is nearly full', { connected: 144 }, 'connections', 'warning'],
    ['a server with room', { connected: 143 }, 'connections', 'ok'],
    ['hidden tables', { isWhole: false }, 'privileges', 'warning'],
  ] as const)('%s: %j', (_name, facts, check, level) => {
    const findings = serverFindings('source', { ...SERVER, ...facts }, NEEDS);
    expect(levelsOf(findings)[check]).toBe(level);
    const [changed] = findings.filter((one) => one.level !== 'ok');
    if (level === 'warning') expect(changed).toMatchObject({ check, subject: 'source' });
  });

  it('hidden tables do not matter to a run whose tables are named', () => {
    const findings = serverFindings('source', { ...SERVER, isWhole: false }, { ...NEEDS, hasPattern: false });
    expect(levelsOf(findings).privileges).toBe('ok');
  });

  it.each([
    ['ACCESS_DENIED', 'login'],
    ['DATABASE_UNKNOWN', 'login'],
    ['SERVER_UNREACHABLE', 'connection'],
    ['TLS_REFUSED', 'tls'],
    ['SESSION_NOT_AS_ASKED', 'session'],
    ['TOO_MANY_CONNECTIONS', 'connections'],
  ] as const)('%s is an error of the check %s', (code: Failure['code'], check) => {
    const account = { user: 'reader', database: 'shop' };
    expect(loginFinding('source', { code, message: 'no' }, account)).toMatchObject({
      check,
      code,
      level: 'error',
    });
  });
});

describe('clocks', () => {
  const clock = (offsetMs: number, wayMs = 0) => ({
    serverMs: AT + offsetMs,
    beforeMs: AT - wayMs,
    afterMs: AT + wayMs,
  });

  it.each([
    [0, 0, 'ok'],
    [900, -50, 'ok'],
    [1100, 0, 'warning'],
    [3_600_000, 3_600_000, 'warning'],
    [-2000, 2000, 'warning'],
  ] as const)('%d and %d ms ahead: %s', (source, destination, level) => {
    const [found] = clockFindings({
      source: clock(source),
      destination: clock(destination),
      overlapMs: undefined,
    });
    expect(found?.level).toBe(level);
  });

  it('what may be the time that an answer took is no difference', () => {
    const far = { source: clock(1900, 1000), destination: clock(0, 1000), overlapMs: undefined };
    expect(clockFindings(far)).toMatchObject([{ level: 'ok' }]);
  });

  it('for a run of changed rows, clocks further apart than its overlap are an error', () => {
    const apart = { source: clock(400_000), destination: clock(0) };
    expect(clockFindings({ ...apart, overlapMs: 300_000 })).toMatchObject([{ level: 'error' }]);
    expect(clockFindings({ ...apart, overlapMs: 500_000 })).toMatchObject([{ level: 'warning' }]);
  });
});

describe('this machine', () => {
  it.each([
    [
      { writeError: null, freeBytes: 2 * GIB },
      { state: 'ok', disk: 'ok' },
    ],
    [
      { writeError: 'EROFS', freeBytes: 2 * GIB },
      { state: 'error', disk: 'ok' },
    ],
    [
      { writeError: null, freeBytes: GIB - 1 },
      { state: 'ok', disk: 'warning' },
    ],
    [
      { writeError: null, freeBytes: 1000 },
      { state: 'ok', disk: 'error' },
    ],
  ])('%j', (facts, levels) => {
    expect(levelsOf(machineFindings({ folder: '.rowparity', ...facts }))).toEqual(levels);
  });
});

describe('the services', () => {
  it.each([
    [
      { evictionPolicy: 'noeviction', isAppendOnly: true },
      { eviction: 'ok', persistence: 'ok' },
    ],
    [
      { evictionPolicy: 'allkeys-lru', isAppendOnly: false },
      { eviction: 'error', persistence: 'warning' },
    ],
    [
      { evictionPolicy: undefined, isAppendOnly: undefined },
      { eviction: 'skipped', persistence: 'skipped' },
    ],
  ])('Redis with %j', (facts, levels) => {
    expect(levelsOf(redisFindings({ version: '7.0.15', ...facts }))).toEqual({ redis: 'ok', ...levels });
  });

  const TOPIC: TopicFacts = { name: 'dbMove', partitions: 12, replicas: 3, inSync: 3, minInSync: 2 };

  it.each([
    ['as it should be', TOPIC, 3, 'ok'],
    ['that is not there', { ...TOPIC, partitions: null }, 3, 'error'],
    ['with too few copies up to date', { ...TOPIC, inSync: 1 }, 3, 'error'],
    ['that no broker may leave', { ...TOPIC, minInSync: 3 }, 3, 'warning'],
    ['acknowledged by one broker', { ...TOPIC, minInSync: 1 }, 3, 'warning'],
    ['on one of several brokers', { ...TOPIC, replicas: 1, inSync: 1, minInSync: 1 }, 3, 'warning'],
    ['on the only broker', { ...TOPIC, replicas: 1, inSync: 1, minInSync: 1 }, 1, 'ok'],
    ['whose settings are hidden', { ...TOPIC, minInSync: null }, 3, 'ok'],
  ] as const)('a topic %s', (_name, topic, brokers, level) => {
    const facts: KafkaFacts = { brokers, topics: [topic], unread: 0 };
    expect(levelsOf(kafkaFindings(facts))).toEqual({ kafka: 'ok', topic: level });
  });

  it('of many topics those with a fault are all named, those without one counted', () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ ...TOPIC, name: `topic${i}` }));
    const lost = many.map((topic) => ({ ...topic, name: `lost-${topic.name}`, partitions: null }));
    const messages = kafkaFindings({ brokers: 3, topics: [...many, ...lost], unread: 4 })
      .filter(({ check }) => check === 'topic')
      .map(({ level, message }) => `${level} ${message}`);
    expect(messages.filter((line) => line.startsWith('error'))).toHaveLength(30);
    expect(messages.at(-2)).toBe('ok 20 more topics without a fault');
    expect(messages.at(-1)).toMatch(/^skipped 4 more topics .*not looked at/);
  });
});
