// Takes events from Kafka, drops repeats, and prints one a line: `node src/main.ts`. A line is the event as it was
// sent, so no digit of a key is lost. Pipe it into a repairer. Stop it with SIGTERM or Ctrl-C.

import { Kafka, logLevel } from 'kafkajs';

const BROKERS = (process.env.KAFKA_BROKERS ?? '127.0.0.1:9092').split(',');
const TOPIC = process.env.TOPIC ?? 'dbMove';
const GROUP = process.env.GROUP ?? 'rowparity-consumer';
/** Ids that are remembered. An older repeat is printed again, so a repairer must bear one. */
const REMEMBERED_MAX = 100_000;

const seen = new Set<string>();

/** The same news has the same id, also when a worker that was killed sent it twice. */
function isRepeat(id: string): boolean {
  if (seen.has(id)) return true;
  seen.add(id);
  const oldest = seen.values().next();
  if (seen.size > REMEMBERED_MAX && !oldest.done) seen.delete(oldest.value);
  return false;
}

/** Waits until the line is handed over: an offset must not pass a line that was not written. */
function print(line: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(`${line}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

const kafka = new Kafka({ clientId: 'rowparity-consumer', brokers: BROKERS, logLevel: logLevel.ERROR });
const consumer = kafka.consumer({ groupId: GROUP });
await consumer.connect();
await consumer.subscribe({ topic: TOPIC, fromBeginning: true });

let printed = 0;
let dropped = 0;
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, async () => {
    await consumer.disconnect();
    console.error(JSON.stringify({ printed, dropped }));
  });
}

await consumer.run({
  eachMessage: async ({ message }) => {
    const id = message.headers?.['rowparity-event-id'];
    // A message without the id is not Rowparity's: the topic is shared.
    if (id === undefined || message.value === null) return;
    if (isRepeat(String(id))) {
      dropped += 1;
      return;
    }
    await print(String(message.value));
    printed += 1;
  },
});
