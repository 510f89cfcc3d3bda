/** The operations that both queues share. */
import type { Queue } from 'bullmq';
import { orRedisFault } from '../connection/redisFault.ts';
import type { QueueCounts } from './queueSettings.ts';

export async function countJobs(queue: Queue): Promise<QueueCounts> {
  const found = await orRedisFault(queue.getJobCounts('wait', 'prioritized', 'active', 'delayed'));
  const { wait = 0, prioritized = 0, active = 0, delayed = 0 } = found;
  return { waiting: wait + prioritized, active, delayed };
}
