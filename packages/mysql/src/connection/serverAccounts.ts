/** The accounts that this process logs in with. Databases of one server that share a user share its connections. */
import { type ConnectionTarget, serverOf } from './connectionTarget.ts';
import { SessionPlaces } from './sessionPlaces.ts';

export class ServerAccounts {
  readonly #places = new Map<string, SessionPlaces>();

  placesOf(target: Pick<ConnectionTarget, 'host' | 'port' | 'socket' | 'user'>): SessionPlaces {
    const server = serverOf({ ...target, host: target.host.toLowerCase() });
    const account = JSON.stringify([server, target.user]);
    const places = this.#places.get(account) ?? new SessionPlaces(server);
    this.#places.set(account, places);
    return places;
  }
}
