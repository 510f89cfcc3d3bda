import { Fault } from '@rowparity/contracts';
import type { KafkaFacts } from '@rowparity/core';
import { expect, it } from 'vitest';
import { type DiagnosisDeps, ServicesDiagnosis } from './diagnoseServices.ts';

const REDIS = { version: '7.0.15', evictionPolicy: 'noeviction', isAppendOnly: true };
const KAFKA: KafkaFacts = {
  brokers: 3,
  topics: [{ name: 'dbMove', partitions: 6, replicas: 3, inSync: 3, minInSync: 2 }],
  unread: 0,
};
const DENIED = new Fault('configuration', {
  code: 'ACCESS_DENIED',
  message: 'old (db1:3306/shop): access denied',
});
const OLD = { name: 'old', user: 'reader', database: 'shop', read: () => Promise.reject(DENIED) };
const WELL: DiagnosisDeps = {
  readRedis: () => Promise.resolve(REDIS),
  readKafka: () => Promise.resolve(KAFKA),
  connections: [],
};

const linesOf = async (deps: DiagnosisDeps) =>
  (await new ServicesDiagnosis(deps).report()).findings.map(({ check, level }) => `${check} ${level}`);

it('services that are well are healthy', async () => {
  const lines = await linesOf(WELL);
  expect(lines).toEqual(['redis ok', 'eviction ok', 'persistence ok', 'kafka ok', 'topic ok']);
});

it('without its brokers Kafka is not looked at, which is told', async () => {
  expect(await linesOf({ ...WELL, readKafka: undefined })).toContain('kafka skipped');
});

it('a fault of one is a finding, and the others are looked at', async () => {
  const gone = new Fault('configuration', { code: 'SERVER_UNREACHABLE', message: 'no answer' });
  const deps = { ...WELL, readKafka: () => Promise.reject(gone), connections: [OLD] };
  const report = await new ServicesDiagnosis(deps).report();
  expect(report.healthy).toBe(false);
  expect(report.findings.filter(({ level }) => level === 'error')).toMatchObject([
    { check: 'kafka', code: 'SERVER_UNREACHABLE' },
    { subject: 'connection old', check: 'login', code: 'ACCESS_DENIED' },
  ]);
});

it('an error that says nothing about a server is thrown', async () => {
  const deps = { ...WELL, readRedis: () => Promise.reject(new TypeError('a bug')) };
  await expect(new ServicesDiagnosis(deps).report()).rejects.toThrow(TypeError);
});

it('who asks while servers are looked at gets the same answer; who asks later a new one', async () => {
  let asked = 0;
  const readRedis = async () => {
    asked += 1;
    return REDIS;
  };
  const diagnosis = new ServicesDiagnosis({ ...WELL, readRedis });
  await Promise.all([diagnosis.report(), diagnosis.report()]);
  expect(asked).toBe(1);
  await diagnosis.report();
  expect(asked).toBe(2);
});
