/**
 * Who of several processes does what only one may do: one key in Redis that expires, held under a number that grows with
 * every holder. The holder goes by its own steady clock and believes in its term for less long than Redis does; a process
 * that slept through its term finds it over before it does anything else. What must not be done twice even so has its
 * own fence in the ledger.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';

export interface LeaseTerm {
  /** Grows with every holder. */
  readonly number: number;
  /** Aborts when the term is over, whether it was given up, ran out or was taken away. */
  readonly signal: AbortSignal;
}

export interface Lease {
  /** The term that this process holds now. */
  readonly term: LeaseTerm | undefined;
  /** Begins to ask for the lease, and keeps it once it has it. */
  start(): void;
  /** Stops asking, and lets the next one have it at once. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  /** Of the ledger's Redis; the connection stays the caller's. */
  readonly redis: Redis;
  readonly prefix?: string;
  /** Processes with the same name compete for the same lease. */
  readonly name: string;
  /** How long a holder that falls silent keeps the lease. The next one has it at most a quarter later. */
  readonly leaseMs: number;
  onTerm?(term: LeaseTerm): void;
  /** Redis did not answer; the next try comes by itself. */
  onError(error: unknown): void;
}

/** Tries in the time of a lease: one may be lost without losing the lease, and a free one is found soon. */
const ASKS_A_LEASE = 4;
/** The holder stops believing this much earlier than Redis forgets: their clocks run at slightly different speeds. */
const MARGIN = 0.05;

const SCRIPTS = { take: 'rowparityLease_take', giveUp: 'rowparityLease_giveUp' } as const;
type Command = (...args: readonly (string | number)[]) => Promise<number>;

interface Held {
  readonly term: LeaseTerm;
  readonly over: AbortController;
  untilMs: number;
  timer: NodeJS.Timeout | undefined;
}

export function createLease(options: LeaseOptions): Lease {
  const { redis, name, leaseMs } = options;
  const key = `${expectHashTag(options.prefix ?? DEFAULT_PREFIX)}:lease:${name}`;
  const keys = [key, `${key}:terms`];
  const holder = randomBytes(9).toString('base64url');
  const commands = loadCommands(redis);
  const stopped = new AbortController();
  let held: Held | undefined;
  let asking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;

  function end(): void {
    if (!held) return;
    clearTimeout(held.timer);
    held.over.abort(new Error(`Another process holds the lease "${name}", or may.`));
    held = undefined;
  }

  /** Timers stand still in a process that sleeps: the time is looked at whenever somebody asks. */
  function current(): Held | undefined {
    if (held && performance.now() >= held.untilMs) end();
    return held;
  }

  function believe(number: number, askedAtMs: number): void {
    const untilMs = askedAtMs + leaseMs * (1 - MARGIN);
    if (current()?.term.number !== number || performance.now() >= untilMs) end();
    // An answer that was under way for too long is no news.
    if (performance.now() >= untilMs) return;
    held ??= begin(number);
    held.untilMs = untilMs;
    clearTimeout(held.timer);
    held.timer = setTimeout(current, Math.ceil(untilMs - performance.now()));
  }

  function begin(number: number): Held {
    const ending = new AbortController();
    const term = { number, signal: ending.signal };
    options.onTerm?.(term);
    return { term, over: ending, untilMs: 0, timer: undefined };
  }

  async function ask(): Promise<void> {
    // The lease is counted from before the question: Redis counts from when it was answered.
    const askedAtMs = performance.now();
    try {
      const number = await orRedisFault(commands.take(...keys, holder, leaseMs));
      if (stopped.signal.aborted) return;
      if (number > 0) believe(number, askedAtMs);
      else end();
    } catch (error) {
      if (!stopped.signal.aborted) options.onError(error);
    }
  }

  /** Questions do not overlap: one that hangs is waited for, while the term runs out by itself. */
  function tick(): void {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    timer = setTimeout(tick, leaseMs / ASKS_A_LEASE);
  }

  return {
    get term() {
      return current()?.term;
    },
    start: tick,
    async release() {
      stopped.abort();
      clearTimeout(timer);
      end();
      await asking;
      await orRedisFault(commands.giveUp(...keys, holder)).catch(options.onError);
    },
  };
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
