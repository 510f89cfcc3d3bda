/** A kafkajs client with every setting that its defaults would get wrong. The only place that makes one. */
import { Kafka, type KafkaConfig, logLevel, type SASLOptions } from 'kafkajs';

export interface KafkaOptions {
  /** `host:port` of some brokers; they name the others. */
  readonly brokers: readonly string[];
  readonly clientId?: string;
  /** True: the system's authorities. */
  readonly tls?: boolean | { readonly ca?: string; readonly cert?: string; readonly key?: string };
  readonly sasl?: {
    readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
    readonly username: string;
    readonly password: string;
  };
  /**
   * Receives the log lines of the client: addresses and error texts, no messages. The transport reduces the lines of
   * an outage to a few.
   */
  readonly onLog?: (line: KafkaLogLine) => void;
}

export interface KafkaLogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly message: string;
}

/** The default of kafkajs is 1 s, too short for TLS and SASL over a long link. */
export const CONNECTION_MS = 10_000;
/** An answer to a produce request needs the followers' copies: seconds on a busy cluster, not the default 30. */
export const REQUEST_MS = 10_000;
/** Retries of metadata requests, inside each try of a send: their product is what a send may take. */
const RETRIES = 2;
const RETRY_MIN_MS = 200;
const RETRY_MAX_MS = 2000;

export function kafkaClient(settings: KafkaOptions): Kafka {
  return new Kafka({
    clientId: settings.clientId ?? 'rowparity',
    brokers: [...settings.brokers],
    connectionTimeout: CONNECTION_MS,
    authenticationTimeout: CONNECTION_MS,
    requestTimeout: REQUEST_MS,
    enforceRequestTimeout: true,
    retry: { retries: RETRIES, initialRetryTime: RETRY_MIN_MS, maxRetryTime: RETRY_MAX_MS },
    logLevel: logLevel.INFO,
    logCreator: () => (entry) => logLine(settings, entry.level, entry.log.message),
    ...securityOf(settings),
  });
}

function securityOf({ tls, sasl }: KafkaOptions): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  return {
    ...(tls === undefined ? {} : { ssl: tls }),
    ...(sasl ? { sasl: { ...sasl } as SASLOptions } : {}),
  };
}

const LEVELS: ReadonlyMap<number, KafkaLogLine['level']> = new Map([
  [logLevel.ERROR, 'error'],
  [logLevel.WARN, 'warn'],
  [logLevel.INFO, 'info'],
]);

/**
 * kafkajs warns about every idempotent producer with bounded retries. Here a producer is dropped after a failed send.
 */
const KNOWN_WARNING = 'Limiting retries for the idempotent producer';

function logLine({ onLog }: KafkaOptions, level: number, message: string): void {
  if (!message.startsWith(KNOWN_WARNING)) onLog?.({ level: LEVELS.get(level) ?? 'debug', message });
}
