/** What Redis reports about its own usage, so it is right in a container, too. */
import { connectRedis } from '@rowparity/redis';

export type Redis = ReturnType<typeof connectRedis>;

export interface RedisUsage {
  readonly cpuSeconds: number;
  readonly memoryBytes: number;
  readonly commands: number;
}

export function openRedis(url: string, use: 'ledger' | 'jobs' = 'ledger'): Redis {
  return connectRedis({ url, use, onError: (error) => process.stderr.write(`redis: ${error.message}\n`) });
}

export async function redisUsage(redis: Redis): Promise<RedisUsage> {
  const info = await redis.info();
  const field = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1]);
  return {
    cpuSeconds: field('used_cpu_user') + field('used_cpu_sys'),
    memoryBytes: field('used_memory'),
    commands: field('total_commands_processed'),
  };
}
