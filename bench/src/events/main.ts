/**
 * `npm run bench:events`: events a second through a real broker, by client, by batch size, waiting for each batch and
 * not; and how long after a restart of the broker its first acknowledgement comes.
 */
import { createTopic } from '@rowparity/harness';
import { breakable, startServers } from '@rowparity/testkit';
import { flagsOrExit } from '../shared/flags.ts';
import { machine, say, writeResult } from '../shared/result.ts';
import { textTable } from '../shared/textTable.ts';
import { median } from '../shared/timing.ts';
import { type Recovered, recoverOnce } from './recoverOnce.ts';
import { type Sending, type Sent, sendFor } from './sendFor.ts';

const CLIENTS = ['kafkajs', 'platformatic'] as const;

type Way = Pick<Sending, 'mode' | 'batch' | 'batchMax'>;
const WAYS: readonly Way[] = [
  { mode: 'sync', batch: 1, batchMax: 1 },
  { mode: 'sync', batch: 100, batchMax: 100 },
  { mode: 'async', batch: 100, batchMax: 100 },
  // As workers send: what has gathered goes together.
  { mode: 'async', batch: 100, batchMax: 1000 },
];

const flags = flagsOrExit({
  command: 'bench:events',
  about:
    'Events a second through one broker: idempotent, acknowledged by all replicas, gzip. Every combination in turn.',
  numbers: { seconds: 2, repeats: 5, partitions: 8, restarts: 3 },
  jsonFile: '.rowparity/bench-events.json',
});

const servers = await startServers({ want: ['kafka'], say });
const { brokers } = servers.kafka;
try {
  const all = await measureSpeed();
  const recoveries = await measureRecovery();
  const combinations = CLIENTS.flatMap((client) => WAYS.map((way) => combined(all, client, way)));
  const recovered = CLIENTS.map((client) => recoveryOf(recoveries, client));
  process.stdout.write(`${speedTable(combinations)}\n\n${recoveryTable(recovered)}\n`);
  const { partitions } = flags;
  await writeResult(flags.jsonFile, { machine: machine(), partitions, combinations, recovered, all });
} finally {
  await servers.stop();
}

async function measureSpeed(): Promise<readonly Sent[]> {
  const topic = 'bench-events';
  const sent: Sent[] = [];
  await createTopic({ brokers, topic }, { partitions: flags.partitions });
  for (let round = 0; round <= flags.repeats; round += 1) {
    // The clients side by side, so that a drift of the machine's speed meets both alike.
    for (const way of WAYS) {
      for (const client of CLIENTS) {
        // The first round warms the broker up.
        const seconds = round === 0 ? 1 : flags.seconds;
        const one = await sendFor({ brokers, topic, client, ...way, seconds });
        if (round > 0) sent.push(one);
      }
    }
    say(`round ${round} of ${flags.repeats}`);
  }
  return sent;
}

async function measureRecovery(): Promise<readonly Recovered[]> {
  const broker = { ...breakable(servers.kafka), brokers };
  const recovered: Recovered[] = [];
  for (let restart = 1; restart <= flags.restarts; restart += 1) {
    for (const client of CLIENTS) recovered.push(await recoverOnce(broker, client));
    say(`restart ${restart} of ${flags.restarts}`);
  }
  return recovered;
}

function combined(all: readonly Sent[], client: Sent['client'], way: Way) {
  const ofThis = all.filter(
    (sent) =>
      sent.client === client &&
      sent.mode === way.mode &&
      sent.batch === way.batch &&
      sent.batchMax === way.batchMax,
  );
  return {
    client,
    ...way,
    eventsPerSecond: median(ofThis.map((sent) => sent.eventsPerSecond)),
    all: ofThis.map((sent) => Math.round(sent.eventsPerSecond)),
    cpuMicrosPerEvent: median(ofThis.map((sent) => sent.cpuMicrosPerEvent)),
    bytesPerEvent: ofThis[0]?.bytesPerEvent ?? Number.NaN,
  };
}

function recoveryOf(recoveries: readonly Recovered[], client: Recovered['client']) {
  const ofThis = recoveries.filter((one) => one.client === client);
  return {
    client,
    silentMs: ofThis.map(({ silentMs }) => Math.round(silentMs)),
    afterOpenMs: ofThis.map(({ afterOpenMs }) => Math.round(afterOpenMs)),
    repeats: ofThis.reduce((sum, one) => sum + one.repeated, 0),
    lost: ofThis.reduce((sum, one) => sum + one.lost, 0),
  };
}

function speedTable(combinations: readonly ReturnType<typeof combined>[]): string {
  return textTable([
    ['client', 'mode', 'batch', 'at most', 'events/s', 'CPU µs/event', 'bytes/event', 'all rounds'],
    ...combinations.map((one) => [
      one.client,
      one.mode,
      one.batch,
      one.batchMax,
      Math.round(one.eventsPerSecond),
      one.cpuMicrosPerEvent,
      one.bytesPerEvent,
      one.all.join(' '),
    ]),
  ]);
}

function recoveryTable(recovered: readonly ReturnType<typeof recoveryOf>[]): string {
  return textTable([
    ['client', 'ms from kill to answer', 'ms from open port to answer', 'lost', 'twice'],
    ...recovered.map((one) => [
      one.client,
      one.silentMs.join(' '),
      one.afterOpenMs.join(' '),
      one.lost,
      one.repeats,
    ]),
  ]);
}
