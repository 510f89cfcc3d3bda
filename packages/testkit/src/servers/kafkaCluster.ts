// A cluster of Kafka brokers as processes of this machine, for tests in which one of them goes.

import { startGuardian } from './guardian.ts';
import { type KafkaBroker, startNativeKafkaCluster } from './nativeKafka.ts';

export type { KafkaBroker };

export interface KafkaCluster {
  readonly brokers: readonly KafkaBroker[];
  stop(): Promise<void>;
}

export async function startKafkaCluster(count: number): Promise<KafkaCluster> {
  const guardian = await startGuardian();
  try {
    const context = { env: process.env, say: () => undefined, guardian };
    return { brokers: await startNativeKafkaCluster(context, count), stop: () => guardian.end() };
  } catch (error) {
    await guardian.end();
    throw error;
  }
}
