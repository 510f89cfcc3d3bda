/** What a diagnosis needs to know of a Redis. Throws the faults of `checkRedis`: no answer, or too old a version. */
import type { RedisFacts } from '@rowparity/core';
import type { Redis } from 'ioredis';
import { askInfo, infoFields, judgeInfo } from './checkRedis.ts';

/** The process is connected already, so an answer comes at once or not at all. */
const ANSWER_MS = 5000;

export async function readRedisFacts(redis: Redis): Promise<RedisFacts> {
  const text = await askInfo(redis, ANSWER_MS);
  const { version } = judgeInfo(text);
  const info = infoFields(text);
  const appendOnly = info.get('aof_enabled');
  return {
    version,
    evictionPolicy: info.get('maxmemory_policy'),
    isAppendOnly: appendOnly === undefined ? undefined : appendOnly === '1',
  };
}
