/**
 * The places for sessions that one account of one server has in this process. A session in use needs a place. The
 * server limits the places: by its variables, and by refusing a login. A caller without a place waits in line, for a
 * limited time, until this process has a free one.
 */
import { Fault } from '@rowparity/contracts';
import { LinkWatch } from './linkWatch.ts';
import type { Session } from './session.ts';
import type { StatementThrift } from './statementThrift.ts';

/** After this time the limit is tried again: other programs may have freed connections. */
const REFUSAL_MS = 5000;
/** Less than a worker may be silent for (apps/worker); shards are divided after a minute. */
const PLACE_WAIT_MS_MAX = 300_000;

interface Waiting {
  readonly count: number;
  admit(): void;
}

let made = 0;

export class SessionPlaces {
  /** Places of several accounts are entered in this order, so that no two wait for each other. */
  readonly order = made++;
  readonly thrift: StatementThrift = { isOn: false };
  readonly link = new LinkWatch();
  readonly #place: string;
  readonly #waitMs: number;
  readonly #waiting: Waiting[] = [];
  readonly #sessions = new Set<Session>();
  #opening = 0;
  #used = 0;
  #told = Number.POSITIVE_INFINITY;
  #refused = Number.POSITIVE_INFINITY;
  #forget: NodeJS.Timeout | undefined;

  /** `place` names the server in messages. */
  constructor(place: string, waitMs = PLACE_WAIT_MS_MAX) {
    this.#place = place;
    this.#waitMs = waitMs;
  }

  /** No place is free: holders of a second place should release it soon. */
  get isTight(): boolean {
    return this.#waiting.length > 0 || this.#used >= this.#max;
  }

  /** At most the caller uses a session. */
  get isAlone(): boolean {
    return this.#used <= 1;
  }

  get use() {
    const waiting = this.#waiting.reduce((sum, { count }) => sum + count, 0);
    return { server: this.#place, used: this.#used, open: this.#live(), waiting };
  }

  /** Takes this many places, all at once; rejects with the signal's reason. */
  async enter(count: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (count > this.#told) throw this.#tooFew(count);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting: Waiting = { count, admit: resolve };
    const giveUp = (reason: unknown) => {
      const index = this.#waiting.indexOf(waiting);
      if (index < 0) return;
      this.#waiting.splice(index, 1);
      reject(reason);
      this.#admit();
    };
    const onAbort = () => giveUp(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const late = setTimeout(() => giveUp(this.#waitedTooLong()), this.#waitMs);
    this.#waiting.push(waiting);
    this.#admit();
    try {
      await promise;
    } finally {
      clearTimeout(late);
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** Takes a place only if no caller waits. */
  tryEnter(): boolean {
    if (this.isTight) return false;
    this.#used += 1;
    return true;
  }

  leave(count: number): void {
    this.#used -= count;
    this.#admit();
  }

  /** Idle sessions have no place, but the server counts them. */
  get mustEndOne(): boolean {
    return this.#live() + this.#opening >= this.#max;
  }

  async opened(open: () => Promise<Session>): Promise<Session> {
    this.#opening += 1;
    try {
      const session = await open();
      this.#sessions.add(session);
      this.#told = session.connectionsMax;
      this.#admit();
      return session;
    } finally {
      this.#opening -= 1;
    }
  }

  /**
   * The server refused a session. The number in use is the limit for a while. False when this process uses none: then
   * waiting does not help.
   */
  learnRefusal(): boolean {
    const ours = this.#live() + this.#opening;
    if (ours === 0) return false;
    this.#refused = ours;
    clearTimeout(this.#forget);
    this.#forget = setTimeout(() => {
      this.#refused = Number.POSITIVE_INFINITY;
      this.#admit();
    }, REFUSAL_MS);
    this.#forget.unref();
    return true;
  }

  get #max(): number {
    return Math.min(this.#told, this.#refused);
  }

  #live(): number {
    for (const session of this.#sessions) if (!session.isUsable) this.#sessions.delete(session);
    return this.#sessions.size;
  }

  /** If the first in line needs more places than the present limit, it enters when no other place is in use. */
  #admit(): void {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const isAlone = this.#used === 0 && next.count <= this.#told;
      if (!isAlone && this.#used + next.count > this.#max) return;
      this.#waiting.shift();
      this.#used += next.count;
      next.admit();
    }
  }

  #tooFew(count: number): Fault {
    const message = `${this.#place}: this user may have ${this.#told} connections, and ${count} are needed at once: both databases are read through it. Raise its MAX_USER_CONNECTIONS.`;
    return new Fault('permanent', { code: 'TOO_MANY_CONNECTIONS', message });
  }

  #waitedTooLong(): Fault {
    const message = `${this.#place}: no connection became free in this process for ${this.#waitMs / 1000} s. Lower the concurrency, or allow this user more connections.`;
    return new Fault('transient', { code: 'TOO_MANY_CONNECTIONS', message }, { place: 'process' });
  }
}
