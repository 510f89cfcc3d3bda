// One connection through the proxy: two sockets, and a lane each way.

import { connect, type Socket } from 'node:net';
import { Lane } from './lane.ts';
import type { Address, Weather } from './weather.ts';

export class Link {
  readonly #sockets: readonly [Socket, Socket];
  readonly #lanes: readonly [Lane, Lane];
  readonly #onClose: () => void;
  #isClosed = false;

  constructor(client: Socket, target: Address, onClose: () => void) {
    const server = connect({ ...target, noDelay: true, allowHalfOpen: true });
    this.#sockets = [client, server];
    this.#lanes = [new Lane(client, server), new Lane(server, client)];
    this.#onClose = onClose;
    for (const socket of this.#sockets) {
      socket.on('error', () => this.cut());
      socket.on('close', () => this.#ended());
    }
  }

  set(weather: Weather): void {
    for (const lane of this.#lanes) lane.set(weather);
  }

  /** A reset on both ends: neither takes it for an orderly end. */
  cut(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#close();
  }

  /** One end is closed: data in flight to the other end still arrives, unless it was dropped. */
  #ended(): void {
    const isOver = this.#lanes.every((lane) => lane.isIdle) || this.#lanes.some((lane) => lane.hasLost);
    if (isOver) this.cut();
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const lane of this.#lanes) lane.close();
    this.#onClose();
  }
}
