/** Puts a producer together: a batcher, a channel for each sender, a transport. */
import type { Clock } from '@rowparity/contracts';
import { Batcher, type BatchLimits } from './batching/batcher.ts';
import { Channel } from './batching/channel.ts';
import { withinLimits } from './batching/withinLimits.ts';
import {
  type FailedMessage,
  FlushError,
  failuresOf,
  ProducerClosed,
  type ProducerMessage,
} from './messages/message.ts';
import type { CallOptions, Producer, ProducerChannel } from './messages/producer.ts';
import type { Transport } from './transport/transport.ts';

export type ProducerMode = 'sync' | 'async';

/** What consumers of the topic have been told to expect. */
const BATCH_MESSAGES = 100;
/** A batch is divided among the partitions of its topic: one of 100 is two messages for each of 64. */
const BATCH_MESSAGES_MAX = 1000;
const LINGER_MS = 5000;
/** Half of what a broker takes by default, so that a batch is never refused for its size alone. */
const BATCH_BYTES = 512 * 1024;
/** Enough for four large batches: one is on its way and the next ones gather. Each takes about two kilobytes. */
const BUFFER_MESSAGES = 4000;
const BUFFER_BYTES = 8 * 1024 * 1024;
/** Kubernetes kills 30 s after SIGTERM; the shards are released first. */
const CLOSE_MS = 10_000;

export interface ProducerOptions {
  readonly transport: Transport;
  readonly mode?: ProducerMode;
  readonly limits?: Partial<BatchLimits>;
  /** Called once for every message that was given up. */
  readonly onError?: (failed: readonly FailedMessage[]) => void;
  readonly clock: Pick<Clock, 'steadyNow' | 'sleep'>;
}

export function createProducer(options: ProducerOptions): Producer {
  const { transport, clock, mode = 'async' } = options;
  const giveUp = new AbortController();
  const batcher = new Batcher({
    limits: limitsOf(options),
    clock,
    deliver: (messages) => deliver(options, messages, giveUp.signal),
  });
  const closing = new AbortController();
  const root = new Channel(batcher, clock);
  const senderOf = (channel: Channel) => sender({ channel, mode, closed: closing.signal });
  let closed: Promise<void> | undefined;

  return {
    ...senderOf(root),
    channel: () => senderOf(new Channel(batcher, clock)),
    close(call = {}) {
      closing.abort();
      closed ??= close({ batcher, root, transport, giveUp, clock, call });
      return closed;
    },
  };
}

function limitsOf({ limits }: ProducerOptions): BatchLimits {
  return {
    batchMessages: BATCH_MESSAGES,
    batchMessagesMax: BATCH_MESSAGES_MAX,
    batchBytes: BATCH_BYTES,
    lingerMs: LINGER_MS,
    bufferMessages: BUFFER_MESSAGES,
    bufferBytes: BUFFER_BYTES,
    ...limits,
  };
}

async function deliver(
  { transport, onError }: ProducerOptions,
  messages: readonly ProducerMessage[],
  signal: AbortSignal,
): Promise<readonly FailedMessage[]> {
  const failed = await transport.send(messages, signal).catch((reason: unknown) => {
    const error = reason instanceof Error ? reason : new Error(String(reason));
    return messages.map((message) => ({ message, error }));
  });
  if (failed.length > 0) onError?.(failed);
  return failed;
}

interface Sender {
  readonly channel: Channel;
  readonly mode: ProducerMode;
  readonly closed: AbortSignal;
}

function sender({ channel, mode, closed }: Sender): ProducerChannel {
  const hand = (message: ProducerMessage, call: CallOptions) =>
    mode === 'sync' ? channel.deliver(message, call) : channel.accept(message, call);
  const expectOpen = (): void => {
    if (closed.aborted) throw new ProducerClosed();
  };
  return {
    async send(message, call = {}) {
      expectOpen();
      await hand(message, call);
    },
    async sendBatch(messages, call = {}) {
      expectOpen();
      if (mode === 'sync') return deliverAll(channel, messages, call);
      for (const message of messages) {
        expectOpen();
        await channel.accept(message, call);
      }
    },
    flush: (call = {}) => channel.flush(call),
  };
}

async function deliverAll(
  channel: Channel,
  messages: readonly ProducerMessage[],
  call: CallOptions,
): Promise<void> {
  const ends = await Promise.allSettled(messages.map((message) => channel.deliver(message, call)));
  const failed = ends.flatMap((end, i): FailedMessage[] => {
    const message = messages[i];
    return end.status === 'rejected' && message ? [{ message, error: end.reason as Error }] : [];
  });
  call.signal?.throwIfAborted();
  if (failed.length > 0) throw new FlushError(failuresOf(failed));
}

interface Closing {
  readonly batcher: Batcher;
  readonly root: Channel;
  readonly transport: Transport;
  readonly giveUp: AbortController;
  readonly clock: Pick<Clock, 'sleep'>;
  readonly call: CallOptions;
}

async function close({ batcher, root, transport, giveUp, clock, call }: Closing): Promise<void> {
  batcher.stopLingering();
  const limits = { deadlineMs: CLOSE_MS, ...call };
  const late = await withinLimits(batcher.whenEmpty(), limits, { clock }).then(
    () => undefined,
    (reason: unknown) => ({ reason, pending: batcher.pending() }),
  );
  const failures = root.takeFailures();
  if (late) {
    giveUp.abort(late.reason);
    await batcher.whenEmpty();
  }
  await transport.close();
  if (late) throw new FlushError(failures, late.pending, { cause: late.reason });
  if (failures.count > 0) throw new FlushError(failures);
}
