/** The accounts that this process logs in with. Databases of one server that share a user share its connections. */
import { type ConnectionTarget, serverOf } from './connectionTarget.ts';
import { SessionPlaces } from './sessionPlaces.ts';

/** Sessions of one server, over the accounts that this process has there. */
export interface ServerUse {
  /** host:port, as the connections name it. */
  readonly server: string;
  /** Places that are taken. */
  readonly used: number;
  /** Sessions, idle ones included. */
  readonly open: number;
  /** Places that callers wait for. */
  readonly waiting: number;
}

export class ServerAccounts {
  readonly #places = new Map<string, SessionPlaces>();

  placesOf(target: Pick<ConnectionTarget, 'host' | 'port' | 'socket' | 'user'>): SessionPlaces {
    const server = serverOf({ ...target, host: target.host.toLowerCase() });
    const account = JSON.stringify([server, target.user]);
    const places = this.#places.get(account) ?? new SessionPlaces(server);
    this.#places.set(account, places);
    return places;
  }
  /** One line an account: a server with several has several. */
  use(): readonly ServerUse[] {
    return [...this.#places.values()].map((places) => places.use);
  }
}
