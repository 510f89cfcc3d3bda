/**
 * The budget of the fleet, in Redis: what one process admits, all others see. A grant ends when its process falls
 * silent. Redis counts the time. One process at a time asks a server for its signals, for all of them.
 */
import { randomBytes } from 'node:crypto';
import { type Clock, isTransient, pauseReason } from '@rowparity/contracts';
import {
  type AdmitInput,
  type BudgetGrant,
  type BudgetHost,
  FRESH_MS,
  type HostBudget,
  type HostNeed,
  type HostRead,
  type HostSignals,
  type HostState,
  hasSignals,
  nextHostState,
  POLL_MS,
  pauseOf,
  rateText,
  SAMPLE_MS,
  type Throttle,
} from '@rowparity/core';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';
import { loadBudgetScripts, type RunBudgetScript } from './budgetScripts.ts';
import { readPauses } from './redisPauses.ts';

export interface RedisHostBudgetOptions {
  /** Of the ledger; it stays the caller's. */
  readonly redis: Redis;
  readonly prefix?: string;
  readonly clock: Clock;
  readonly signals: HostSignals;
  /** A process that is silent for so long has lost its grants. */
  readonly grantMs?: number;
  /** Redis did not answer, or a server; the budget tries again by itself. */
  onError(error: unknown): void;
}

/** Each process tells what it holds this often. */
const TELL_MS = 1000;
/** Ten lost messages. */
const GRANT_MS = 10_000;
/** After a loss of the state: time for every process to tell what it holds. */
const RECOVER_MS = 3 * TELL_MS;
/** One that waits looks every POLL_MS, or up to a second later where many wait in one process. */
const WAITING_MS = 3000;
/** Time to ask one server; then another process may. */
const LEASE_MS = 2000;
/** Unused for so long, the state vanishes. */
const KEPT_MS = 3_600_000;
const RUNS_MAX = 1000;
/** Longer without Redis, and the shard goes back: a failover takes less. */
const UNREACHABLE_MS_MAX = 60_000;
/** Waiting shards of a process that look at the usual pace; more look more slowly. */
const LOOKERS = 16;
/** Servers whose charges a process keeps while Redis is away. */
const CHARGED_MAX = 1000;

const TIMES = {
  recoverMs: RECOVER_MS,
  waitingMs: WAITING_MS,
  leaseMs: LEASE_MS,
  keptMs: KEPT_MS,
  sampleMs: SAMPLE_MS,
  freshMs: FRESH_MS,
  runsMax: RUNS_MAX,
};

interface Held {
  readonly run: string;
  readonly hosts: Readonly<Record<string, number>>;
}

interface Charge extends HostRead {
  readonly host: string;
  readonly rates: Rates;
}
type Rates = Readonly<Partial<Record<'rows' | 'bytes', number>>>;

export function createRedisHostBudget(options: RedisHostBudgetOptions): HostBudget {
  return new RedisHostBudget(options);
}

class RedisHostBudget implements HostBudget {
  readonly #options: RedisHostBudgetOptions;
  readonly #run: RunBudgetScript;
  readonly #times: typeof TIMES & { readonly grantMs: number };
  readonly #holder = randomBytes(9).toString('base64url');
  readonly #held = new Map<string, Held>();
  readonly #gone = new Set<string>();
  readonly #charges = new Map<string, Charge>();
  readonly #sampling = new Map<string, Promise<void>>();
  readonly #closed = new AbortController();
  #tokens = 0;
  #waiting = 0;
  #telling: Promise<void> | undefined;
  #flushing: Promise<void> | undefined;

  constructor(options: RedisHostBudgetOptions) {
    this.#options = options;
    this.#times = { ...TIMES, grantMs: options.grantMs ?? GRANT_MS };
    this.#run = loadBudgetScripts(options.redis, expectHashTag(options.prefix ?? DEFAULT_PREFIX));
  }

  async admit({ runId, needs, onWait }: AdmitInput, signal: AbortSignal): Promise<BudgetGrant> {
    const { clock } = this.#options;
    this.#tokens += 1;
    const token = `${this.#holder}.${this.#tokens}`;
    const reach = { sinceMs: clock.steadyNow() };
    this.#waiting += 1;
    try {
      for (;;) {
        signal.throwIfAborted();
        const throttle = await this.#ask({ token, runId, needs }, reach);
        signal.throwIfAborted();
        if (!throttle) break;
        onWait?.(throttle);
        await clock.sleep(POLL_MS * Math.max(1, this.#waiting / LOOKERS), signal);
      }
    } catch (error) {
      // It may have been granted in the end.
      this.#forget(token);
      throw error;
    } finally {
      this.#waiting -= 1;
    }
    const hosts = Object.fromEntries(needs.map(({ host, streams }) => [host.id, streams]));
    this.#held.set(token, { run: runId, hosts });
    this.#telling ??= this.#keepTelling();
    return this.#grantOf(token, needs);
  }

  charge(host: BudgetHost, read: HostRead): void {
    const rates = ratesOf(host);
    if (Object.keys(rates).length === 0) return;
    this.#add({ host: host.id, rates, ...read });
    this.#telling ??= this.#keepTelling();
  }

  async close(): Promise<void> {
    this.#closed.abort();
    await this.#telling;
    for (const token of this.#held.keys()) this.#gone.add(token);
    this.#held.clear();
    await this.#flush();
    await Promise.all(this.#sampling.values());
    await this.#options.signals.close();
  }

  /** Undefined: granted. */
  async #ask(asked: Asked, reach: { sinceMs: number }): Promise<Throttle | undefined> {
    const { clock } = this.#options;
    const charges = this.#takeCharges();
    try {
      const reply = await this.#run('admit', {
        ...requestOf(asked),
        charges,
        holder: this.#holder,
        ...this.#times,
      });
      reach.sinceMs = clock.steadyNow();
      this.#sampleAsAsked(asked.needs, reply);
      return throttleOf(asked.needs, reply);
    } catch (error) {
      for (const charge of charges) this.#add(charge);
      const isOver = clock.steadyNow() - reach.sinceMs > UNREACHABLE_MS_MAX;
      if (!isTransient(error) || isOver) throw error;
      const host = asked.needs[0]?.host.name ?? '';
      return { host, kind: 'unreachable', message: 'Redis does not answer, and it keeps the budget' };
    }
  }

  #sampleAsAsked(needs: readonly HostNeed[], reply: readonly string[]): void {
    for (let i = HEAD; i + 2 < reply.length; i += 3) {
      const need = needs[Number(reply[i]) - 1];
      if (!need) continue;
      const before = stateOf(reply[i + 1], reply[i + 2]);
      const sampling = this.#sample(need.host, before, Number(reply[1]))
        .catch((error: unknown) => this.#options.onError(error))
        .finally(() => this.#sampling.delete(need.host.id));
      this.#sampling.set(need.host.id, sampling);
    }
  }

  async #sample(host: BudgetHost, before: HostState | undefined, nowMs: number): Promise<void> {
    const readings = await this.#options.signals
      .read(host, this.#closed.signal)
      .catch((error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }));
    if (this.#closed.signal.aborted) return;
    const { pauses, ...state } = nextHostState(before, readings, { limits: host.limits, nowMs });
    const named = pauses.map((pause) => ({ host: host.name, ...pause }));
    await this.#run('store', {
      ...{ holder: this.#holder, host: host.id, charges: [], ...this.#times },
      ...{ state: JSON.stringify(state), pauses: JSON.stringify(named) },
    });
  }

  #grantOf(token: string, needs: readonly HostNeed[]): BudgetGrant {
    return {
      release: (read) => {
        if (!this.#held.has(token)) return;
        for (const [i, need] of needs.entries()) {
          const { rows, bytes } = read[i] ?? need;
          const rest = { rows: rows - need.rows, bytes: bytes - need.bytes };
          this.charge(need.host, rest);
        }
        this.#forget(token);
      },
    };
  }

  #forget(token: string): void {
    this.#held.delete(token);
    this.#gone.add(token);
    void this.#flush();
  }

  /** While anything is held or owed. */
  async #keepTelling(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#closed.signal.aborted) {
      await clock.sleep(TELL_MS, this.#closed.signal).catch(() => undefined);
      if (this.#closed.signal.aborted) break;
      if (this.#held.size === 0 && this.#charges.size === 0 && this.#gone.size === 0) break;
      await this.#tell([...this.#held]);
    }
    this.#telling = undefined;
  }

  /** What came meanwhile goes with the next message. */
  async #flush(): Promise<void> {
    this.#flushing ??= Promise.resolve()
      .then(() => this.#tell([]))
      .finally(() => {
        this.#flushing = undefined;
      });
    await this.#flushing;
  }

  async #tell(held: readonly (readonly [string, Held])[]): Promise<void> {
    const gone = [...this.#gone];
    const charges = this.#takeCharges();
    if (held.length + gone.length + charges.length === 0) return;
    try {
      await this.#run('tell', {
        ...{ charges, gone, ...this.#times },
        held: held.map(([token, one]) => ({ token, ...one })),
      });
      for (const token of gone) this.#gone.delete(token);
    } catch (error) {
      for (const charge of charges) this.#add(charge);
      this.#options.onError(error);
      // Redis frees them by itself by then.
      if (this.#gone.size > CHARGED_MAX) this.#gone.clear();
    }
  }

  #add({ host, rates, rows, bytes }: Charge): void {
    const before = this.#charges.get(host);
    if (!before && this.#charges.size >= CHARGED_MAX) return;
    this.#charges.set(host, {
      ...{ host, rates },
      rows: rows + (before?.rows ?? 0),
      bytes: bytes + (before?.bytes ?? 0),
    });
  }

  #takeCharges(): Charge[] {
    const charges = [...this.#charges.values()];
    this.#charges.clear();
    return charges;
  }
}

interface Asked {
  readonly token: string;
  readonly runId: string;
  readonly needs: readonly HostNeed[];
}

/** Parts of an answer before those that tell which servers to ask. */
const HEAD = 6;

function requestOf({ token, runId, needs }: Asked) {
  return {
    token,
    run: runId,
    needs: needs.map(({ host, streams, rows, bytes }) => ({
      ...{ host: host.id, streams, rows, bytes, rates: ratesOf(host), hasSignals: hasSignals(host.limits) },
      ...(host.limits.maxStreams === undefined ? {} : { maxStreams: host.limits.maxStreams }),
    })),
  };
}

function ratesOf({ limits: { maxRowsPerSecond: rows, maxBytesPerSecond: bytes } }: BudgetHost): Rates {
  return { ...(rows === undefined ? {} : { rows }), ...(bytes === undefined ? {} : { bytes }) };
}

function throttleOf(needs: readonly HostNeed[], reply: readonly string[]): Throttle | undefined {
  const [answer, now, place, kind, value = ''] = reply;
  if (answer === 'granted') return undefined;
  const host = needs[Number(place) - 1]?.host as BudgetHost;
  const { maxStreams, maxRowsPerSecond, maxBytesPerSecond } = host.limits;
  const told = (reason: Throttle['kind'], message: string): Throttle => ({
    host: host.name,
    kind: reason,
    message,
  });
  switch (kind) {
    case 'recovering':
      return told(
        'recovering',
        `the budget was lost or is new: every worker tells what it holds for ${value} ms more`,
      );
    case 'turn':
      return told('turn', `run ${value} comes first`);
    case 'streams':
      return told('streams', `${value} of ${maxStreams} statements run`);
    case 'rows':
      return told('rows', rateText('rows', maxRowsPerSecond ?? 0, Number(value)));
    case 'bytes':
      return told('bytes', rateText('bytes', maxBytesPerSecond ?? 0, Number(value)));
    default: {
      const pause = pauseOf(stateOf(value, ''), { host: host.name, nowMs: Number(now) });
      return pause ?? told('asking', 'the signals of this server are being read');
    }
  }
}

const storedState = z.object({
  atMs: z.number(),
  reasons: z.array(pauseReason),
  calmSinceMs: z.number().nullable(),
});

function stateOf(text: string | undefined, pausesText: string | undefined): HostState | undefined {
  if (!text) return undefined;
  const read = storedState.safeParse(JSON.parse(text));
  const pauses = readPauses(pausesText).map(({ from, to, reasons }) => ({ from, to, reasons }));
  return read.success ? { ...read.data, pauses } : undefined;
}
