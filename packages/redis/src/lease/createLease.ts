/**
 * Elects one of several processes: one key in Redis that expires, held under a number that grows with every holder. The
 * holder measures its term by its own steady clock, and its term ends before the key expires in Redis. A process that
 * was suspended finds its term over before it does anything else. Work that must never be done twice also has a fence
 * in the ledger.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Clock } from '@rowparity/contracts';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';

export interface LeaseTerm {
  /** Grows with every holder. */
  readonly number: number;
  /** Aborts when the term is over: it was released, ran out or was taken by another process. */
  readonly signal: AbortSignal;
}

export interface Lease {
  /** The term that this process holds now. */
  readonly term: LeaseTerm | undefined;
  /** Starts to ask for the lease, and renews it while it holds it. */
  start(): void;
  /** Stops asking and releases the lease, so that the next process gets it at once. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  /** Of the ledger's Redis; the connection stays the caller's. */
  readonly redis: Redis;
  readonly prefix?: string;
  /** Processes with the same name compete for the same lease. */
  readonly name: string;
  /** How long a silent holder keeps the lease. The next process gets it at most a quarter later. */
  readonly leaseMs: number;
  readonly clock: Pick<Clock, 'steadyNow' | 'sleep'>;
  onTerm?(term: LeaseTerm): void;
  /** Redis did not answer; the lease tries again by itself. */
  onError(error: unknown): void;
}

/** Tries in the time of a lease: one may be lost without losing the lease, and a free one is found soon. */
const ASKS_A_LEASE = 4;
/** The term ends this much before the key expires in Redis: the clocks run at slightly different speeds. */
const MARGIN = 0.05;

const SCRIPTS = { take: 'rowparityLease_take', giveUp: 'rowparityLease_giveUp' } as const;
type Command = (...args: readonly (string | number)[]) => Promise<number>;

interface Held {
  readonly term: LeaseTerm;
  readonly ending: AbortController;
  untilMs: number;
  /** The wait for the end of the term, which each answer makes later. */
  waiting: AbortController;
}

export function createLease(options: LeaseOptions): Lease {
  return new RedisLease(options);
}

class RedisLease implements Lease {
  readonly #options: LeaseOptions;
  readonly #keys: readonly string[];
  readonly #holder = randomBytes(9).toString('base64url');
  readonly #commands: Readonly<Record<keyof typeof SCRIPTS, Command>>;
  readonly #stopped = new AbortController();
  #held: Held | undefined;
  #asking: Promise<void> | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    const key = leaseKey(expectHashTag(options.prefix ?? DEFAULT_PREFIX), options.name);
    this.#keys = [key, `${key}:terms`];
    this.#commands = loadCommands(options.redis);
  }

  get term(): LeaseTerm | undefined {
    return this.#current()?.term;
  }

  start(): void {
    void this.#keepAsking();
  }

  async release(): Promise<void> {
    this.#stopped.abort();
    this.#end();
    await this.#asking;
    await orRedisFault(this.#commands.giveUp(...this.#keys, this.#holder)).catch(this.#options.onError);
  }

  /** Questions do not overlap: one that hangs is waited for, while the term runs out by itself. */
  async #keepAsking(): Promise<void> {
    const { clock, leaseMs } = this.#options;
    while (!this.#stopped.signal.aborted) {
      this.#asking ??= this.#ask().finally(() => {
        this.#asking = undefined;
      });
      await clock.sleep(leaseMs / ASKS_A_LEASE, this.#stopped.signal).catch(() => undefined);
    }
  }

  async #ask(): Promise<void> {
    const { clock, leaseMs, onError } = this.#options;
    // The term is counted from before the request: Redis counts from its own, later time.
    const askedAtMs = clock.steadyNow();
    try {
      const number = await orRedisFault(this.#commands.take(...this.#keys, this.#holder, leaseMs));
      if (this.#stopped.signal.aborted) return;
      if (number > 0) this.#believe(number, askedAtMs);
      else this.#end();
    } catch (error) {
      if (!this.#stopped.signal.aborted) onError(error);
    }
  }

  #believe(number: number, askedAtMs: number): void {
    const { clock, leaseMs } = this.#options;
    const untilMs = askedAtMs + leaseMs * (1 - MARGIN);
    if (this.#current()?.term.number !== number || clock.steadyNow() >= untilMs) this.#end();
    // A late answer is ignored.
    if (clock.steadyNow() >= untilMs) return;
    this.#held ??= this.#begin(number);
    this.#held.untilMs = untilMs;
    this.#endAt(this.#held);
  }

  #begin(number: number): Held {
    const ending = new AbortController();
    const term = { number, signal: ending.signal };
    this.#options.onTerm?.(term);
    return { term, ending, untilMs: 0, waiting: new AbortController() };
  }

  #endAt(held: Held): void {
    const { clock } = this.#options;
    held.waiting.abort();
    held.waiting = new AbortController();
    const restMs = Math.ceil(held.untilMs - clock.steadyNow());
    clock.sleep(restMs, held.waiting.signal).then(
      () => this.#current(),
      () => undefined,
    );
  }

  /** Timers stop in a suspended process, so each question checks the time. */
  #current(): Held | undefined {
    if (this.#held && this.#options.clock.steadyNow() >= this.#held.untilMs) this.#end();
    return this.#held;
  }

  #end(): void {
    const held = this.#held;
    if (!held) return;
    held.waiting.abort();
    held.ending.abort(new Error(`Another process holds the lease "${this.#options.name}", or may.`));
    this.#held = undefined;
  }
}

function loadCommands(redis: Redis): Readonly<Record<keyof typeof SCRIPTS, Command>> {
  for (const [file, command] of Object.entries(SCRIPTS)) {
    const lua = readFileSync(new URL(`./lua/${file}.lua`, import.meta.url), 'utf8');
    redis.defineCommand(command, { lua, numberOfKeys: 2 });
  }
  const defined = redis as unknown as Readonly<Record<string, Command>>;
  const commandOf =
    (name: string): Command =>
    (...args) =>
      (defined[name] as Command).call(redis, ...args);
  return { take: commandOf(SCRIPTS.take), giveUp: commandOf(SCRIPTS.giveUp) };
}

/** Its value names the holder; without one there is no key. */
export function leaseKey(prefix: string, name: string): string {
  return `${prefix}:lease:${name}`;
}
