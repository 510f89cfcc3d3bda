/**
 * The check at start: can this Redis keep a ledger? A refused password, a refused certificate or an old version stops
 * the process and names ROWPARITY_REDIS_URL. No answer is waited out for a while; then it is an outage, which a restart
 * of the process may find over. A risk for the data is a warning.
 */
import { Fault, isOutage } from '@rowparity/contracts';
import type { Redis } from 'ioredis';
import { redisFault } from './redisFault.ts';

/** Long enough for a Redis that starts or fails over, short enough to tell its supervisor. */
const CHECK_MS = 30_000;
/** BullMQ needs the commands of 6.2. */
const VERSION_MIN = [6, 2] as const;

export interface RedisCheck {
  readonly version: string;
  /** What to tell the operator of this Redis; empty when all is well. */
  readonly warnings: readonly string[];
}

export async function checkRedis(
  redis: Redis,
  limits: { readonly withinMs?: number } = {},
): Promise<RedisCheck> {
  return judgeInfo(await askInfo(redis, limits.withinMs ?? CHECK_MS));
}

/** What Redis's INFO says about its fitness; throws when it is too old. */
export function judgeInfo(text: string): RedisCheck {
  const info = infoFields(text);
  const version = info.get('redis_version') ?? 'an unknown version';
  if (!isNewEnough(version)) throw tooOld(version);
  return { version, warnings: warningsOf(info) };
}

export async function askInfo(redis: Redis, withinMs: number): Promise<string> {
  let lastError: Error | undefined;
  const remember = (error: Error): void => {
    lastError = error;
  };
  redis.on('error', remember);
  const timeLimit = AbortSignal.timeout(withinMs);
  try {
    return await Promise.race([askAgain(redis, timeLimit), rejectOn(timeLimit)]);
  } catch (error) {
    const fault = redisFault(error);
    if (fault.class === 'configuration') throw fault;
    throw unreachable(redis, withinMs, lastError ?? error);
  } finally {
    redis.off('error', remember);
  }
}

/** A connection for HTTP gives up after one try; this check tries longer. */
async function askAgain(redis: Redis, timeLimit: AbortSignal): Promise<string> {
  for (;;) {
    try {
      return await redis.info();
    } catch (error) {
      if (timeLimit.aborted || redisFault(error).class !== 'transient') throw error;
    }
  }
}

function rejectOn(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true });
  });
}

function unreachable(redis: Redis, withinMs: number, cause: unknown): Fault {
  const { host, port } = redis.options;
  const found = cause instanceof Error ? cause.message || cause.name : String(cause);
  const message =
    `ROWPARITY_REDIS_URL: expected a Redis at ${host}:${port} to answer within ${withinMs / 1000} s, ` +
    `found: ${found}. Start that Redis, or correct the variable.`;
  const faultClass = isOutage(cause) ? 'transient' : 'configuration';
  return new Fault(faultClass, { code: 'SERVER_UNREACHABLE', message }, { cause });
}

function tooOld(version: string): Fault {
  const message =
    `ROWPARITY_REDIS_URL: expected Redis ${VERSION_MIN.join('.')} or newer, found ${version}. ` +
    'Name a newer Redis, or a Valkey.';
  return new Fault('configuration', { code: 'SERVER_UNREACHABLE', message });
}

export function infoFields(text: string): ReadonlyMap<string, string> {
  const pairs = text.split(/\r?\n/).map((line) => line.split(':', 2));
  return new Map(
    pairs.flatMap(([name, value]) => (name && value !== undefined ? [[name, value] as const] : [])),
  );
}

function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > VERSION_MIN[0] || (major === VERSION_MIN[0] && minor >= VERSION_MIN[1]);
}

function warningsOf(info: ReadonlyMap<string, string>): readonly string[] {
  const policy = info.get('maxmemory_policy');
  const warnings: string[] = [];
  if (policy !== undefined && policy !== 'noeviction') {
    warnings.push(
      `Redis may throw away parts of the ledger: expected maxmemory-policy noeviction, found ${policy}. Set it to noeviction.`,
    );
  }
  if (info.get('aof_enabled') === '0') {
    warnings.push('Redis may forget runs when it restarts: its append-only file is off. Set appendonly yes.');
  }
  return warnings;
}
