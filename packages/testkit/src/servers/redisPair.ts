// Two Redis servers, a primary and its replica, behind one link: killed and promoted as an operator or a sentinel
// would.

import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { startTcpProxy, type TcpProxy } from '../proxy/tcpProxy.ts';
import { breakable, type Faults, type RedisServer } from './server.ts';
import { startServers } from './startServers.ts';

type Breakable = RedisServer & Faults;

export interface RedisPair {
  /** Of the link, which leads to the primary. */
  readonly url: string;
  readonly link: TcpProxy;
  /** The one that the link leads to now. */
  primary(): Faults;
  /**
   * Kills the primary, promotes the replica, leads the link there, and makes a replica of the killed one. The replica
   * follows closely before; what it lacks is what the primary wrote last, and all that it wrote in `lostMs` (default:
   * 0) before it was killed.
   */
  failOver(lostMs?: number): Promise<void>;
  stop(): Promise<void>;
}

const SYNC_MS_MAX = 20_000;
const POLL_MS = 20;

export async function startRedisPair(first: Breakable, env: NodeJS.ProcessEnv): Promise<RedisPair> {
  const others = await startServers({ want: ['redis'], say: () => undefined, env });
  let [primary, replica]: [Breakable, Breakable] = [first, breakable(others.redis)];
  await follow(replica, primary);
  const link = await startTcpProxy(addressOf(primary));
  return {
    url: `redis://${link.host}:${link.port}`,
    link,
    primary: () => primary,
    async failOver(lostMs = 0) {
      await untilFollowing(replica);
      if (lostMs > 0) {
        await ask(replica, (redis) => redis.replicaof('NO', 'ONE'));
        await sleep(lostMs);
      }
      await primary.kill();
      await ask(replica, (redis) => redis.replicaof('NO', 'ONE'));
      link.leadTo(addressOf(replica));
      [primary, replica] = [replica, primary];
      await replica.start();
      await follow(replica, primary);
    },
    async stop() {
      await link.close();
      await others.stop();
    },
  };
}

/** Resolves when the replica has everything that the primary had. */
async function follow(replica: Breakable, primary: Breakable): Promise<void> {
  const { host, port } = addressOf(primary);
  // A copy is sent at once, not when more replicas may have come.
  await ask(primary, (redis) => redis.config('SET', 'repl-diskless-sync-delay', '0'));
  await ask(replica, (redis) => redis.replicaof(host, port));
  await untilFollowing(replica);
}

async function untilFollowing(replica: Breakable): Promise<void> {
  await ask(replica, async (redis) => {
    const endMs = performance.now() + SYNC_MS_MAX;
    while (!/master_link_status:up/.test(await redis.info('replication'))) {
      if (performance.now() > endMs) throw new Error('the replica of Redis does not come up');
      await sleep(POLL_MS);
    }
  });
}

async function ask<T>({ url }: Breakable, question: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url);
  redis.on('error', () => undefined);
  try {
    return await question(redis);
  } finally {
    redis.disconnect();
  }
}

function addressOf({ url }: Breakable) {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
