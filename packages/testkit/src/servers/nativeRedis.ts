// redis-server as a process of this machine: append-only file on, nothing evicted.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from '../proxy/freePort.ts';
import { askRedis } from './answers.ts';
import { findBinary } from './binaries.ts';
import type { Context } from './context.ts';
import { installPackages } from './debianPackages.ts';
import { startGuardian } from './guardian.ts';
import { startNative } from './nativeProcess.ts';
import type { RedisDescription, RedisServer } from './server.ts';

const CLUSTER_SLOTS = 16_384;

/** Also the options of the container. */
export const REDIS_OPTIONS = [
  ...['--appendonly', 'yes'],
  ...['--appendfsync', 'everysec'],
  ...['--save', ''],
  ...['--maxmemory-policy', 'noeviction'],
] as const;

export async function startNativeRedis(
  context: Context,
  moreOptions: readonly string[] = [],
): Promise<RedisServer> {
  const file = await redisBinary(context);
  const folder = join(context.guardian.folder, 'redis');
  await mkdir(folder, { recursive: true });
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const running = await startNative(context.guardian, {
    name: 'Redis',
    folder,
    file,
    args: ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder, ...REDIS_OPTIONS, ...moreOptions],
    logFile: join(folder, 'server.log'),
    answers: () => askRedis(url),
  });
  return { url, ...running, way: 'native' };
}

async function redisBinary(context: Context): Promise<string> {
  const names = ['redis-server', 'valkey-server'] as const;
  const present = findBinary(context.env, ...names);
  if (present !== undefined) return present;
  await installPackages(context, ['redis-server']);
  const installed = findBinary(context.env, ...names);
  if (installed === undefined) throw new Error('redis-server is not there after installing it');
  return installed;
}

/** One node that holds every slot of a cluster: it refuses scripts and transactions whose keys lie in several slots. */
export async function startRedisCluster(
  say: (line: string) => void,
): Promise<RedisDescription & { stop(): Promise<void> }> {
  const guardian = await startGuardian();
  try {
    const context = { env: process.env, say, guardian };
    const { url } = await startNativeRedis(context, ['--cluster-enabled', 'yes']);
    const redis = new Redis(url);
    await redis.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: CLUSTER_SLOTS }, (_, slot) => slot));
    while (!String(await redis.call('CLUSTER', 'INFO')).includes('cluster_state:ok')) await sleep(20);
    redis.disconnect();
    return { url, stop: () => guardian.end() };
  } catch (error) {
    await guardian.end();
    throw error;
  }
}
