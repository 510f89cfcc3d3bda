/** The accounts that this process logs in with. Databases of one server that share a user share its connections. */
import type { ConnectionTarget } from './connectionUrl.ts';
import { SessionPlaces } from './sessionPlaces.ts';

export class ServerAccounts {
  readonly #places = new Map<string, SessionPlaces>();

  placesOf({ host, port, user }: Pick<ConnectionTarget, 'host' | 'port' | 'user'>): SessionPlaces {
    const server = `${host.toLowerCase()}:${port}`;
    const account = JSON.stringify([server, user]);
    const places = this.#places.get(account) ?? new SessionPlaces(server);
    this.#places.set(account, places);
    return places;
  }
}
