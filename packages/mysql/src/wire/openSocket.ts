/**
 * The socket of a connection without TLS. Node gives every chunk that it reads a buffer of its own, 64 KiB each, and
 * collecting those was half of the cost of comparing (measured; see BENCHMARKS.md). This socket reads into one buffer
 * for its whole life. Its listeners get a copy, as the driver may keep what it is given, unless the chunks are lent.
 */
import { connect, type Socket } from 'node:net';

const READ_BYTES = 128 * 1024;

const lent = new WeakMap<Socket, boolean>();

export type SocketPlace = { readonly host: string; readonly port: number } | { readonly path: string };

export function openSocket(place: SocketPlace): Socket {
  const buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  const callback = (bytes: number): boolean => {
    const chunk = buffer.subarray(0, bytes);
    socket.emit('data', lent.get(socket) === true ? chunk : Buffer.from(chunk));
    return true;
  };
  const socket: Socket = connect({
    ...place,
    noDelay: true,
    keepAlive: true,
    onread: { buffer, callback },
  });
  lent.set(socket, false);
  return socket;
}

/** While lent, a chunk is valid only during the listener's call. Sockets that were made elsewhere are left alone. */
export function lendChunks(socket: unknown, isLent: boolean): void {
  if (lent.has(socket as Socket)) lent.set(socket as Socket, isLent);
}
