/**
 * The sessions of one database. A session in use has a place (sessionPlaces.ts). Idle sessions are kept, so that a new
 * shard does not connect again, and ended soon: a process without work holds no connection, and so does a paused run.
 * The pool is bounded and drops broken sessions.
 */
import { type FailureCode, Fault } from '@rowparity/contracts';
import { type ConnectionTarget, databaseOf, serverOf } from './connectionTarget.ts';
import { openSession } from './openSession.ts';
import type { Session } from './session.ts';
import { SessionPlaces } from './sessionPlaces.ts';

const NO_SIGNAL = new AbortController().signal;
/** The codes by which a server refuses one more session. */
const REFUSALS: ReadonlySet<FailureCode> = new Set(['TOO_MANY_CONNECTIONS', 'TOO_MANY_STATEMENTS']);

interface SessionPoolOptions {
  readonly ref: string;
  readonly idleMax: number;
  /** Shared by the pools of one account. */
  readonly places?: SessionPlaces;
}

/** Shards follow each other within milliseconds. A new session costs some round trips. */
const IDLE_MS = 500;

interface IdleSession {
  readonly pool: SessionPool;
  readonly session: Session;
  readonly end: NodeJS.Timeout;
}

/** Idle sessions of all pools that share their places, the oldest first. */
const resting = new WeakMap<SessionPlaces, IdleSession[]>();

export class SessionPool {
  readonly place: string;
  readonly database: string;
  readonly places: SessionPlaces;
  readonly #target: ConnectionTarget;
  readonly #idleMax: number;
  readonly #closed = new AbortController();

  constructor(target: ConnectionTarget, { ref, idleMax, places }: SessionPoolOptions) {
    this.#target = target;
    this.#idleMax = idleMax;
    this.database = target.database;
    this.place = `${ref} (${databaseOf(target)})`;
    this.places = places ?? new SessionPlaces(serverOf(target));
    if (!resting.has(this.places)) resting.set(this.places, []);
  }

  /** Waits while this process uses every connection that the server allows. */
  async take(signal: AbortSignal = NO_SIGNAL): Promise<Session> {
    const either = AbortSignal.any([signal, this.#closed.signal]);
    for (;;) {
      await this.places.enter(1, either);
      try {
        return await this.open();
      } catch (error) {
        this.places.leave(1);
        if (!isRefusal(error) || !this.places.learnRefusal()) throw error;
      }
    }
  }

  /** Undefined when the caller would have to wait. */
  async tryTake(): Promise<Session | undefined> {
    if (!this.places.tryEnter()) return undefined;
    try {
      return await this.open();
    } catch (error) {
      this.places.leave(1);
      if (!isRefusal(error)) throw error;
      this.places.learnRefusal();
      return undefined;
    }
  }

  /** The caller already has the place. */
  async open(): Promise<Session> {
    this.#closed.signal.throwIfAborted();
    for (let session = this.#ofMine(); session; session = this.#ofMine()) {
      if (session.isUsable) return session;
    }
    while (this.places.mustEndOne && (await this.#endOldest())) {}
    const open = () => openSession(this.#target, this.place, this.places);
    return this.places.opened(open).catch(async (error: unknown) => {
      // An idle session may hold the connection that the server lacks.
      if (!isRefusal(error) || !(await this.#endOldest())) throw error;
      return this.open();
    });
  }

  /** Keeps or ends the session, and frees its place. */
  async release(session: Session): Promise<void> {
    try {
      const isKept = session.isUsable && !this.#closed.signal.aborted && this.#kept() < this.#idleMax;
      if (isKept) {
        session.rest();
        this.#rest(session);
      } else if (session.isUsable) await session.end();
    } finally {
      this.places.leave(1);
    }
  }

  /** No more sessions can be taken. A session in use is ended when it is released. */
  async close(): Promise<void> {
    this.#closed.abort(new Error(`The connections to ${this.place} are closed.`));
    const ends: Promise<void>[] = [];
    for (let session = this.#ofMine(); session; session = this.#ofMine()) ends.push(session.end());
    await Promise.all(ends);
  }

  #rest(session: Session): void {
    const idle: IdleSession = {
      ...{ pool: this, session },
      end: setTimeout(() => void this.#taken(this.#resting.indexOf(idle))?.end(), IDLE_MS).unref(),
    };
    this.#resting.push(idle);
  }

  /** An idle session that is used again, or ended. */
  #taken(index: number): Session | undefined {
    const [idle] = index < 0 ? [] : this.#resting.splice(index, 1);
    clearTimeout(idle?.end);
    return idle?.session;
  }

  get #resting() {
    return resting.get(this.places) ?? [];
  }

  #kept(): number {
    return this.#resting.filter(({ pool }) => pool === this).length;
  }

  /** The one that was used last. */
  #ofMine(): Session | undefined {
    return this.#taken(this.#resting.findLastIndex(({ pool }) => pool === this));
  }

  /** False when no session is idle. */
  async #endOldest(): Promise<boolean> {
    const oldest = this.#taken(this.#resting.length > 0 ? 0 : -1);
    await oldest?.end();
    return oldest !== undefined;
  }
}

export function isRefusal(error: unknown): boolean {
  return error instanceof Fault && error.class === 'transient' && REFUSALS.has(error.code);
}
