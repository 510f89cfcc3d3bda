/** `npm run bench:events`: events a second through a real broker, by batch size, waiting for each batch and not. */
import { createTopic } from '@rowparity/harness';
import { startServers } from '@rowparity/testkit';
import { flagsOrExit } from '../shared/flags.ts';
import { machine, say, writeResult } from '../shared/result.ts';
import { textTable } from '../shared/textTable.ts';
import { median } from '../shared/timing.ts';
import { type Sent, sendFor } from './sendFor.ts';

const BATCHES = [1, 100, 1000] as const;
const MODES = ['sync', 'async'] as const;

const flags = flagsOrExit({
  command: 'bench:events',
  about:
    'Events a second through one broker: idempotent, acknowledged by all replicas, gzip. Every combination in turn.',
  numbers: { seconds: 2, repeats: 5, partitions: 8 },
  jsonFile: '.rowparity/bench-events.json',
});

const servers = await startServers({ want: ['kafka'], say });
try {
  await measure(servers.kafka.brokers);
} finally {
  await servers.stop();
}

async function measure(brokers: readonly string[]): Promise<void> {
  const topic = 'bench-events';
  await createTopic({ brokers, topic }, { partitions: flags.partitions });
  const all: Sent[] = [];
  for (let round = 0; round <= flags.repeats; round += 1) {
    // The two modes of one size side by side, so that a drift of the machine's speed meets both alike.
    for (const batch of BATCHES) {
      for (const mode of MODES) {
        // The first round warms the broker up.
        const seconds = round === 0 ? 1 : flags.seconds;
        const sent = await sendFor({ brokers, topic, mode, batch, seconds });
        if (round > 0) all.push(sent);
      }
    }
    say(`round ${round} of ${flags.repeats}`);
  }
  const combinations = BATCHES.flatMap((batch) => MODES.map((mode) => combined(all, mode, batch)));
  process.stdout.write(`${tableOf(combinations)}\n`);
  await writeResult(flags.jsonFile, { machine: machine(), partitions: flags.partitions, combinations, all });
}

function combined(all: readonly Sent[], mode: Sent['mode'], batch: number) {
  const ofThis = all.filter((sent) => sent.mode === mode && sent.batch === batch);
  return {
    mode,
    batch,
    eventsPerSecond: median(ofThis.map((sent) => sent.eventsPerSecond)),
    all: ofThis.map((sent) => Math.round(sent.eventsPerSecond)),
    cpuMicrosPerEvent: median(ofThis.map((sent) => sent.cpuMicrosPerEvent)),
    bytesPerEvent: ofThis[0]?.bytesPerEvent ?? Number.NaN,
  };
}

function tableOf(combinations: readonly ReturnType<typeof combined>[]): string {
  return textTable([
    ['batch', 'mode', 'events/s', 'CPU µs/event', 'bytes/event', 'all rounds'],
    ...combinations.map((one) => [
      one.batch,
      one.mode,
      Math.round(one.eventsPerSecond),
      one.cpuMicrosPerEvent,
      one.bytesPerEvent,
      one.all.join(' '),
    ]),
  ]);
}
