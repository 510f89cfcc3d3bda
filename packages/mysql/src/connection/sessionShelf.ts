/**
 * Keeps the sessions of one server that nobody uses at the moment, so that a new shard does not have to connect
 * again. Bounded; a session that broke is dropped.
 */
import type { ConnectionTarget } from './connectionUrl.ts';
import { Session } from './session.ts';

export class SessionShelf {
  readonly place: string;
  readonly database: string;
  readonly #target: ConnectionTarget;
  readonly #idleMax: number;
  readonly #idle: Session[] = [];
  readonly #closed = new AbortController();

  constructor(target: ConnectionTarget, options: { readonly ref: string; readonly idleMax: number }) {
    this.#target = target;
    this.#idleMax = options.idleMax;
    this.database = target.database;
    this.place = `${options.ref} (${target.host}:${target.port}/${target.database})`;
  }

  async take(): Promise<Session> {
    this.#closed.signal.throwIfAborted();
    for (let session = this.#idle.pop(); session; session = this.#idle.pop()) {
      if (session.isUsable) return session;
    }
    return Session.open(this.#target, this.place);
  }

  async giveBack(session: Session): Promise<void> {
    const isKept = session.isUsable && !this.#closed.signal.aborted && this.#idle.length < this.#idleMax;
    if (isKept) this.#idle.push(session);
    else if (session.isUsable) await session.end();
  }

  /** A session that is still out is ended when it comes back; nothing more can be taken. */
  async close(): Promise<void> {
    this.#closed.abort(new Error(`The connections to ${this.place} are closed.`));
    await Promise.all(this.#idle.splice(0).map((session) => session.end()));
  }
}
