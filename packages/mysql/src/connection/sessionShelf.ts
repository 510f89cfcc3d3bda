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

  constructor(target: ConnectionTarget, options: { readonly ref: string; readonly idleMax: number }) {
    this.#target = target;
    this.#idleMax = options.idleMax;
    this.database = target.database;
    this.place = `${options.ref} (${target.host}:${target.port}/${target.database})`;
  }

  async take(): Promise<Session> {
    for (let session = this.#idle.pop(); session; session = this.#idle.pop()) {
      if (session.isUsable) return session;
    }
    return Session.open(this.#target, this.place);
  }

  async giveBack(session: Session): Promise<void> {
    if (session.isUsable && this.#idle.length < this.#idleMax) this.#idle.push(session);
    else if (session.isUsable) await session.end();
  }

  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((session) => session.end()));
  }
}
