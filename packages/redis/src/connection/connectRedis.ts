/**
 * Connections to Redis. BullMQ needs one that waits without limit. The ledger's gives up, so that a worker never hangs
 * on a commit. HTTP's gives up at once. The address is never logged, because it may hold a password.
 */
import { type RedisOptions as ClientOptions, Redis } from 'ioredis';

export type RedisUse = 'jobs' | 'ledger' | 'http';

export interface RedisOptions {
  /** `redis://[user:password@]host:port[/db]`, or `rediss://` for TLS. */
  readonly url: string;
  readonly use: RedisUse;
  /** Called once for each lost connection; ioredis connects again by itself. */
  readonly onError: (error: Error) => void;
  /** Called when the connection is there, also after it was lost. */
  readonly onReady?: () => void;
  /** PEM; only for rediss://. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string };
}

/** The default of ioredis, 10 s, is a third of the time that Kubernetes gives a process to end. */
const CONNECT_TIMEOUT_MS = 5000;
/** First pause before connecting again, doubled each time: a restarted Redis is back within a second or two. */
const RECONNECT_MIN_MS = 50;
/** A failover takes 10 to 30 s: more than one try a second gains nothing. */
const RECONNECT_MAX_MS = 1000;
/** A Lua commit takes well under a millisecond: an answer this late means a failover or a faulty Redis. */
const LEDGER_COMMAND_MS = 10_000;
/** About ten seconds at the pauses above; then the commands that wait are refused, so the queue of them is bounded. */
const LEDGER_RECONNECTS_MAX = 13;
/** A probe of Kubernetes gives up after one second by default; people wait for two. */
const HTTP_COMMAND_MS = 2000;

/** BullMQ lets Redis hold a question back for ten seconds at most. */
const JOBS_SILENCE_MS = 15_000;

/**
 * A connection that died silently never answers: silence beyond `socketTimeout` closes it, and ioredis
 * connects again. A time-out of the command alone would leave every later one to the same dead connection.
 */
const OPTIONS: Readonly<Record<RedisUse, ClientOptions>> = {
  jobs: { maxRetriesPerRequest: null, socketTimeout: JOBS_SILENCE_MS },
  ledger: {
    maxRetriesPerRequest: LEDGER_RECONNECTS_MAX,
    commandTimeout: LEDGER_COMMAND_MS,
    socketTimeout: LEDGER_COMMAND_MS,
  },
  http: { maxRetriesPerRequest: 1, commandTimeout: HTTP_COMMAND_MS, socketTimeout: HTTP_COMMAND_MS },
};

export function connectRedis(settings: RedisOptions): Redis {
  const redis = new Connection(settings.url, {
    ...OPTIONS[settings.use],
    connectTimeout: CONNECT_TIMEOUT_MS,
    connectionName: `rowparity-${settings.use}`,
    retryStrategy: (times) => Math.min(RECONNECT_MIN_MS * 2 ** (times - 1), RECONNECT_MAX_MS),
    reconnectOnError: (error) => (isDemoted(error) ? RECONNECT_AND_SEND_AGAIN : false),
    ...(settings.tls ? { tls: settings.tls } : {}),
  });
  redis.on('error', settings.onError);
  if (settings.onReady) redis.on('ready', settings.onReady);
  return redis;
}

/**
 * ioredis 5.11 keeps the timer of a closed connection, which would later close the next, healthy one. BullMQ reads from
 * a duplicate of its connection, so this holds for duplicates, too.
 */
class Connection extends Redis {
  constructor(address: string | ClientOptions, options: ClientOptions = {}) {
    if (typeof address === 'string') super(address, options);
    else super(address);
    this.on('close', () => this.#forgetSilence());
  }

  override duplicate(override?: Partial<ClientOptions>): Redis {
    return new Connection({ ...this.options, ...override });
  }

  #forgetSilence(): void {
    const timed = this as unknown as { socketTimeoutTimer?: NodeJS.Timeout | undefined };
    clearTimeout(timed.socketTimeoutTimer);
    timed.socketTimeoutTimer = undefined;
  }
}

const RECONNECT_AND_SEND_AGAIN = 2;

/**
 * After a failover the old connection may lead to a server that is now a replica: connect again to find the primary.
 */
function isDemoted(error: Error): boolean {
  return error.message.startsWith('READONLY');
}

/** Waits for the answers to sent commands, then closes. Does not wait for an unreachable Redis. */
export async function closeRedis(redis: Redis): Promise<void> {
  if (redis.status !== 'ready') return redis.disconnect();
  await redis.quit().catch(() => redis.disconnect());
}
