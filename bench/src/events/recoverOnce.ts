/** Sends on while the broker is killed and started again: when is a batch acknowledged, and did all arrive? */
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createTopic, readEvents } from '@rowparity/harness';
import { createProducer, type KafkaClientName, KafkaTransport } from '@rowparity/producer';
import { systemClock } from '@rowparity/runtime';
import type { Faults } from '@rowparity/testkit';

export interface Recovered {
  readonly client: KafkaClientName;
  /** From the kill to the first acknowledgement; most of it is the broker's start. */
  readonly silentMs: number;
  /** From the moment in which the broker takes connections again to the first acknowledgement. */
  readonly afterOpenMs: number;
  /** Acknowledged, and not in the topic. */
  readonly lost: number;
  /** In the topic more than once. */
  readonly repeated: number;
}

export interface RestartedBroker extends Pick<Faults, 'kill' | 'start'> {
  readonly brokers: readonly string[];
}

const PARTITIONS = 8;
const BATCH = 100;
/** Sent before the broker is killed. */
const BATCHES_BEFORE = 50;
const BATCHES_AFTER = 10;
const POLL_MS = 10;

let tries = 0;

export async function recoverOnce(broker: RestartedBroker, client: KafkaClientName): Promise<Recovered> {
  const { brokers } = broker;
  tries += 1;
  const topic = `bench-recovery-${tries}`;
  await createTopic({ brokers, topic }, { partitions: PARTITIONS });
  const transport = new KafkaTransport({ clock: systemClock, brokers, client });
  const producer = createProducer({ clock: systemClock, transport, mode: 'sync' });
  const acknowledged: string[] = [];
  const sendBatches = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) {
      const values = Array.from({ length: BATCH }, (_, n) => `${acknowledged.length + n}`);
      await producer.sendBatch(values.map((value) => ({ topic, key: value, value })));
      acknowledged.push(...values);
    }
  };
  await sendBatches(BATCHES_BEFORE);
  const killedAt = performance.now();
  await broker.kill();
  const first = sendBatches(1).then(() => performance.now());
  const [opened, , answered] = await Promise.all([whenOpen(brokers), broker.start(), first]);
  await sendBatches(BATCHES_AFTER);
  await producer.close();
  const found = (await readEvents({ brokers, topic })).map(({ text }) => text);
  const distinct = new Set(found);
  const lost = acknowledged.filter((value) => !distinct.has(value)).length;
  const silentMs = answered - killedAt;
  return { client, silentMs, afterOpenMs: answered - opened, lost, repeated: found.length - distinct.size };
}

async function whenOpen([broker = '']: readonly string[]): Promise<number> {
  const { hostname: host, port } = new URL(`kafka://${broker}`);
  for (;;) {
    const socket = connect({ host, port: Number(port) });
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return performance.now();
    await sleep(POLL_MS);
  }
}
