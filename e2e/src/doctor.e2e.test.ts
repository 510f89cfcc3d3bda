// `rowparity doctor --fleet` against real services: what is wrong with Redis, a topic, a token or a login is told.

import { doctorReport, type Finding } from '@rowparity/contracts';
import { rowparityWith } from '@rowparity/harness';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, redisUrl, type Scene } from './testing/scene.ts';

const REDIS_DATABASE = 13;
const TOKEN = '0123456789abcdef0123';
const MISSING_TOPIC = 'nothing-of-this-name';

let scene: Scene;
let redis: Redis;
let policy: string;

beforeAll(async () => {
  redis = new Redis(redisUrl(REDIS_DATABASE));
  [, policy = 'noeviction'] = (await redis.config('GET', 'maxmemory-policy')) as [string, string];
  scene = await openScene({
    ...{ label: 'doctor', redisDatabase: REDIS_DATABASE, workers: 1 },
    connections: (pair) => ({ wrong: pair.source.url.replace(/:[^:@]*@/, ':secret-word@') }),
    env: (topic) => ({ ROWPARITY_HTTP_TOKEN: TOKEN, ROWPARITY_EVENT_TOPICS: `${topic},${MISSING_TOPIC}` }),
  });
});

afterAll(async () => {
  await redis?.config('SET', 'maxmemory-policy', policy);
  redis?.disconnect();
  await scene?.[Symbol.asyncDispose]();
});

async function diagnose(token: string) {
  const { coordinatorUrl, reporterUrl } = scene.system;
  const addresses = ['--coordinator', coordinatorUrl, '--reporter', reporterUrl];
  const env = { ROWPARITY_HTTP_TOKEN: token };
  const { code, output } = await rowparityWith(env, 'doctor', '--fleet', '--json', ...addresses);
  const { findings } = doctorReport.parse(JSON.parse(output));
  const ofCheck = (check: Finding['check']) => findings.filter((one) => one.check === check);
  return { code, output, ofCheck };
}

test('the coordinator tells of Redis, Kafka and its databases, each by its own check', async () => {
  const { code, output, ofCheck } = await diagnose(TOKEN);
  for (const check of ['coordinator', 'reporter', 'redis', 'kafka'] as const) {
    expect(ofCheck(check)).toMatchObject([{ level: 'ok' }]);
  }
  expect(ofCheck('topic')).toContainEqual(
    expect.objectContaining({ level: 'error', message: expect.stringContaining(MISSING_TOPIC) }),
  );
  expect(ofCheck('topic')).toContainEqual(
    expect.objectContaining({ level: 'ok', message: expect.stringContaining(scene.topic) }),
  );
  expect(
    ofCheck('login')
      .map(({ subject, level }) => `${subject} ${level}`)
      .sort(),
  ).toEqual(['connection destination ok', 'connection source ok', 'connection wrong error']);
  expect(code).toBe(2);
  expect(output).not.toMatch(/secret-word|0123456789abcdef/);
});

test('a Redis that may throw keys away is an error', async () => {
  await redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  expect((await diagnose(TOKEN)).ofCheck('eviction')).toMatchObject([{ level: 'error' }]);
  await redis.config('SET', 'maxmemory-policy', 'noeviction');
  expect((await diagnose(TOKEN)).ofCheck('eviction')).toMatchObject([{ level: 'ok' }]);
});

test('a token that is not theirs is told of both services', async () => {
  const { code, ofCheck } = await diagnose('another-token-of-20ch');
  expect(code).toBe(2);
  for (const check of ['coordinator', 'reporter'] as const) {
    expect(ofCheck(check)).toMatchObject([
      { level: 'error', remedy: expect.stringContaining('ROWPARITY_HTTP_TOKEN') },
    ]);
  }
});

test('services that are not there are told within seconds', async () => {
  const nowhere = 'http://127.0.0.1:1';
  const { code, output } = await rowparityWith(
    {},
    'doctor',
    '--fleet',
    '--coordinator',
    nowhere,
    '--reporter',
    nowhere,
  );
  expect(code).toBe(2);
  expect(output).toMatch(/✗ coordinator[^✗]*✗ reporter/);
});
