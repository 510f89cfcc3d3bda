/**
 * Waits until a replica has what was written last. A failover to a replica that lags forgets acknowledged writes. Most
 * of them are done again; but an application that was told of a switched stage writes elsewhere from then on.
 */
import { Fault } from '@rowparity/contracts';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';

/** A replica that is well has it within milliseconds. The connection answers nothing else meanwhile. */
const WAIT_MS = 1000;

/**
 * WAIT covers everything that Redis had written when this connection asked it last, also what others wrote. Returns at
 * once where Redis has no replica. Throws when none has it in time: it is written, and may be
 * forgotten.
 */
export async function expectReplicated(redis: Redis): Promise<void> {
  const info = await orRedisFault(redis.info('replication'));
  const replicas = Number(/^connected_slaves:(\d+)/m.exec(info)?.[1] ?? 0);
  if (replicas === 0) return;
  const reached = await orRedisFault(redis.wait(1, WAIT_MS));
  if (reached > 0) return;
  const message = `None of ${replicas} replicas of Redis has the switch of the stage after ${WAIT_MS} ms. It is made, and a failover could forget it. Ask again.`;
  throw new Fault('transient', { code: 'SERVER_UNREACHABLE', message }, { place: 'ledger' });
}
