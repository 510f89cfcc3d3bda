/**
 * Kafka as a transport: idempotent, acknowledged by all in-sync replicas, by a client of either library. After a send
 * that failed its client is thrown away, because it may hold a dead socket, and because a failed batch may have arrived
 * after all: with the sequence numbers of the failed one, the broker would take the next batch for its repetition,
 * acknowledge it, and drop it. A new client has a new producer id, so messages may arrive twice, never not at all.
 */
import type { Clock } from '@rowparity/contracts';
import { bytesOf, type FailedMessage, type ProducerMessage } from '../messages/message.ts';
import {
  BrokersUnreachable,
  MessageTooLarge,
  TopicUnusable,
  type Transport,
} from '../transport/transport.ts';
import type { KafkaLogLine, KafkaOptions } from './kafkaClient.ts';
import { textOf, troubleOf } from './kafkaErrors.ts';
import { openKafkajsSender } from './kafkajsSender.ts';
import { KafkaOutage } from './kafkaOutage.ts';
import type { KafkaClientName, KafkaSender, SenderOptions } from './kafkaSender.ts';
import { openPlatformaticSender } from './platformaticSender.ts';

export type { KafkaClientName };

export interface KafkaTransportOptions extends KafkaOptions {
  /** Default: kafkajs. */
  readonly client?: KafkaClientName;
  /** Events compress to a tenth. */
  readonly compression?: 'gzip' | 'none';
  /** Time for one batch on one client; a batch that no client delivers in this time is given up, after two at least. */
  readonly deliveryMs?: number;
  readonly clock: Pick<Clock, 'steadyNow' | 'sleep'>;
}

const OPEN_SENDER: Readonly<Record<KafkaClientName, (settings: SenderOptions) => Promise<KafkaSender>>> = {
  kafkajs: openKafkajsSender,
  platformatic: openPlatformaticSender,
};

/**
 * Bridges the loss of a broker and the election of another leader; a client that takes longer is taken for stuck. A
 * broker that is gone refuses connections at once, so a number of tries would be used up in seconds: time is what
 * counts.
 */
const DELIVERY_MS = 30_000;
/** A second client shows that the first client was not the cause. */
const CLIENTS_MIN = 2;
/** Before another client is made. */
const CLIENT_PAUSE_MS = 500;
/** kafkajs waits for answers before it disconnects; a dead broker gives none, and by now they are not needed. */
const DISCONNECT_MS = 2000;

interface Client {
  readonly opened: Promise<KafkaSender>;
  /** A client that was given up may continue to try; its log lines are then ignored. */
  isHeard: boolean;
  /** What it said last of its tries: a client that runs out of time has no error of its own. */
  lastTrouble: string | undefined;
}

export class KafkaTransport implements Transport {
  readonly #settings: KafkaTransportOptions;
  readonly #deliveryMs: number;
  readonly #outage: KafkaOutage;
  #client: Client | undefined;

  constructor(settings: KafkaTransportOptions) {
    this.#settings = settings;
    this.#deliveryMs = settings.deliveryMs ?? DELIVERY_MS;
    this.#outage = new KafkaOutage(settings.onLog ?? (() => {}), settings.clock);
  }

  async send(messages: readonly ProducerMessage[], signal: AbortSignal): Promise<readonly FailedMessage[]> {
    const failed: FailedMessage[] = [];
    for (const [topic, inTopic] of Map.groupBy(messages, (message) => message.topic)) {
      failed.push(...(await this.#sendTopic(topic, inTopic, signal)));
    }
    return failed;
  }

  async close(): Promise<void> {
    const last = this.#client;
    this.#client = undefined;
    if (!last) return;
    const waited = new AbortController();
    const disconnected = last.opened.then((sender) => sender.close()).catch(() => {});
    const late = this.#settings.clock.sleep(DISCONNECT_MS, waited.signal).catch(() => {});
    await Promise.race([disconnected, late]);
    waited.abort();
  }

  async #sendTopic(
    topic: string,
    messages: readonly ProducerMessage[],
    signal: AbortSignal,
  ): Promise<readonly FailedMessage[]> {
    const { clock } = this.#settings;
    const untilMs = clock.steadyNow() + this.#deliveryMs;
    for (let clients = 1; ; clients++) {
      try {
        await this.#deliver(topic, messages, signal);
        return [];
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble === 'tooLarge' && messages.length > 1)
          return inHalves(messages, (half) => this.#sendTopic(topic, half, signal));
        // No client logs anything for a dead socket.
        if (trouble === 'unreachable' && !signal.aborted) {
          this.#outage.hear({ level: 'error', message: textOf(error) });
        }
        const isLate = clients >= CLIENTS_MIN && clock.steadyNow() >= untilMs;
        if (trouble !== 'unreachable' || isLate || signal.aborted) {
          return messages.map((message) => ({ message, error: reasonOf(message, error) }));
        }
      }
      // An abort is noticed by the next client.
      await clock.sleep(CLIENT_PAUSE_MS, signal).catch(() => undefined);
    }
  }

  async #deliver(topic: string, messages: readonly ProducerMessage[], signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.#client ??= this.#openClient();
    const client = this.#client;
    const sent = client.opened.then((sender) => sender.send(topic, messages));
    try {
      await this.#inTime({ client, sent }, signal);
      this.#outage.acknowledged();
    } catch (error) {
      this.#client = undefined;
      client.isHeard = false;
      abandon(client.opened, sent);
      throw error;
    }
  }

  #openClient(): Client {
    const { client: name = 'kafkajs', compression = 'gzip', ...settings } = this.#settings;
    const onLog = (line: KafkaLogLine): void => {
      if (!client.isHeard) return;
      if (line.level === 'error') client.lastTrouble = line.message;
      this.#outage.hear(line);
    };
    const client: Client = {
      isHeard: true,
      lastTrouble: undefined,
      opened: OPEN_SENDER[name]({ ...settings, compression, onLog }),
    };
    return client;
  }

  async #inTime(
    { client, sent }: { readonly client: Client; readonly sent: Promise<void> },
    signal: AbortSignal,
  ): Promise<void> {
    const answered = new AbortController();
    const late = this.#settings.clock
      .sleep(this.#deliveryMs, AbortSignal.any([answered.signal, signal]))
      .then(() => {
        const trouble = client.lastTrouble === undefined ? '' : `: ${client.lastTrouble}`;
        throw new Error(`no answer within ${this.#deliveryMs / 1000} s${trouble}`);
      });
    try {
      await Promise.race([sent, late]);
    } finally {
      answered.abort();
    }
  }
}

/** A client that is given up may still be trying, and connects again for that: it is closed twice. */
function abandon(opened: Promise<KafkaSender>, sent: Promise<void>): void {
  const close = () => opened.then((sender) => sender.close()).catch(() => {});
  void close();
  void sent.catch(() => {}).then(close);
}

async function inHalves(
  messages: readonly ProducerMessage[],
  send: (half: readonly ProducerMessage[]) => Promise<readonly FailedMessage[]>,
): Promise<readonly FailedMessage[]> {
  const middle = Math.ceil(messages.length / 2);
  const first = await send(messages.slice(0, middle));
  return [...first, ...(await send(messages.slice(middle)))];
}

function reasonOf(message: ProducerMessage, cause: unknown): Error {
  const { topic } = message;
  switch (troubleOf(cause)) {
    case 'tooLarge':
      return new MessageTooLarge({ topic, bytes: bytesOf(message) }, { cause });
    case 'noTopic':
      return new TopicUnusable(`Kafka has no topic ${topic}: create it, or name another.`, { cause });
    case 'notAuthorized':
      return new TopicUnusable(
        `Kafka refuses this user on topic ${topic}: ${textOf(cause)}. Grant WRITE and DESCRIBE.`,
        {
          cause,
        },
      );
    case 'unreachable':
      return new BrokersUnreachable(
        `Kafka did not acknowledge messages for topic ${topic}: ${textOf(cause)}`,
        { cause },
      );
  }
}
