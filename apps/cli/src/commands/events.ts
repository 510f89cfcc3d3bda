/** `rowparity events tail`: the events of a file or of a topic, a line each, as they come. */
import { decodeEvent, type InconsistentEvent, printable } from '@rowparity/contracts';
import { type Command, Option } from 'commander';
import { answer } from '../output/answer.ts';
import { eventLine } from '../reports/eventLine.ts';
import { tailFile } from '../tailing/tailFile.ts';
import { UsageError } from '../usage/usageError.ts';

interface TailFlags {
  readonly topic?: string;
  readonly brokers?: string;
  readonly fromBeginning?: boolean;
  readonly follow?: boolean;
  readonly run?: string;
  readonly table?: string;
  readonly json?: boolean;
}

const HELP = `
A topic is read from now on, with --from-beginning from its first message; Ctrl-C ends it. It is read as a group of its own that
commits nothing, so no consumer misses a message. TLS and login come from ROWPARITY_KAFKA_*, as for a worker.

Examples:
  rowparity events tail events.ndjson --table customers
  rowparity events tail events.ndjson --follow
  rowparity events tail --topic dbMove --run orders-1 --from-beginning`;

export function addEvents(program: Command): void {
  program
    .command('events')
    .description('look at events')
    .command('tail')
    .description('show the events of a file or of a topic, a line each, as they come')
    .argument('[file]', 'file of events, as JSON lines')
    .option('--topic <name>', 'topic to read in place of a file')
    .option('--brokers <list>', 'host:port of some brokers (default: ROWPARITY_KAFKA_BROKERS)')
    .addOption(new Option('--from-beginning', 'read the topic from its first message').conflicts('follow'))
    .option('--follow', 'go on with the file when it grows, until Ctrl-C')
    .option('--run <run>', 'only events of this run')
    .option('--table <name>', 'only events of this table')
    .option('--json', 'print events as they are')
    .addHelpText('after', HELP)
    .action(async (file: string | undefined, flags: TailFlags) => {
      if ((file === undefined) === (flags.topic === undefined)) {
        throw new UsageError('expected a file of events or --topic, and not both');
      }
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
      const onText = (text: string) => show(text, flags);
      if (file !== undefined)
        await tailFile({ path: file, isFollowed: flags.follow === true, onText }, stop.signal);
      else await tail(flags, onText, stop.signal);
    });
}

async function tail(
  { topic = '', brokers, fromBeginning }: TailFlags,
  onText: (text: string) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  // Loaded here: no other command needs a client of Kafka.
  const { readTopicOn } = await import('../tailing/readTopicOn.ts');
  await readTopicOn({ topic, brokers, isFromBeginning: fromBeginning === true, onText }, signal);
}

async function show(text: string, { run, table, json }: TailFlags): Promise<void> {
  const event = eventIn(text);
  if (!event) {
    process.stderr.write(`rowparity: no event: ${printable(text.slice(0, 200))}\n`);
    return;
  }
  if (run !== undefined && event.RunID !== run) return;
  if (table !== undefined && event.Table !== table) return;
  await answer([`${json ? text : eventLine(event)}\n`]);
}

/** A topic may have messages of other programs. */
function eventIn(text: string): InconsistentEvent | undefined {
  try {
    return decodeEvent(text);
  } catch {
    return undefined;
  }
}
