/**
 * For tests: a wire on which a broker's answers are held back while requests still reach it, or requests are. Clients
 * connect to the addresses that brokers name, so the wire is put where Node opens connections.
 */
import net from 'node:net';
import { vi } from 'vitest';

export interface MutedBroker {
  /** From now on no answer comes back on any connection that is open or opened. */
  mute(): void;
  /** New connections work again; those that lost an answer stay dead. */
  unmute(): void;
  /**
   * From now on nothing arrives that is sent on a connection that is open to this broker, given as `host:port`, and
   * its end is not noticed, before `part` is called.
   */
  hang(address: string): { part(): void };
  restore(): void;
}

export function mutedBroker(): MutedBroker {
  const { connect } = net.Socket.prototype;
  let isMuted = false;
  const sockets = new Set<net.Socket>();
  const spy = vi.spyOn(net.Socket.prototype, 'connect').mockImplementation(function connecting(
    this: net.Socket,
    ...args: unknown[]
  ) {
    sockets.add(this);
    if (isMuted) muteSocket(this);
    return Reflect.apply(connect, this, args);
  });
  return {
    mute() {
      isMuted = true;
      for (const socket of sockets) muteSocket(socket);
    },
    unmute() {
      isMuted = false;
    },
    hang(address) {
      const hung = [...sockets].filter((one) => `${one.remoteAddress}:${one.remotePort}` === address);
      const ends = hung.map(hangSocket);
      return {
        part() {
          for (const end of ends) end();
        },
      };
    },
    restore: () => spy.mockRestore(),
  };
}

function muteSocket(socket: net.Socket): void {
  const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
  socket.emit = ((event: string, ...args: unknown[]) =>
    event === 'data' ? true : emit(event, ...args)) as typeof socket.emit;
}

function hangSocket(socket: net.Socket): () => void {
  const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
  let isHung = true;
  socket.write = () => true;
  socket.emit = ((event: string, ...args: unknown[]) =>
    isHung && ['end', 'error', 'close'].includes(event) ? true : emit(event, ...args)) as typeof socket.emit;
  return () => {
    isHung = false;
    emit('end');
    emit('close', false);
  };
}
