/**
 * For tests: a wire on which the broker's answers can be held back, while requests still reach it. kafkajs connects to
 * the addresses that brokers name, so the wire is put where Node opens connections.
 */
import net from 'node:net';
import { vi } from 'vitest';

export interface MutedBroker {
  /** From now on no answer comes back on any connection that is open or opened. */
  mute(): void;
  /** New connections work again; those that lost an answer stay dead. */
  unmute(): void;
  restore(): void;
}

export function mutedBroker(): MutedBroker {
  const connect = net.connect.bind(net) as (options: net.NetConnectOpts, listener?: () => void) => net.Socket;
  let isMuted = false;
  const sockets = new Set<net.Socket>();
  const spy = vi.spyOn(net, 'connect').mockImplementation(((
    options: net.NetConnectOpts,
    listener?: () => void,
  ) => {
    const socket = connect(options, listener);
    sockets.add(socket);
    if (isMuted) muteSocket(socket);
    return socket;
  }) as typeof net.connect);
  return {
    mute() {
      isMuted = true;
      for (const socket of sockets) muteSocket(socket);
    },
    unmute() {
      isMuted = false;
    },
    restore: () => spy.mockRestore(),
  };
}

function muteSocket(socket: net.Socket): void {
  const emit = socket.emit.bind(socket) as (event: string, ...args: unknown[]) => boolean;
  socket.emit = ((event: string, ...args: unknown[]) =>
    event === 'data' ? true : emit(event, ...args)) as typeof socket.emit;
}
