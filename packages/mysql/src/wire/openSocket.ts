/**
 * The socket of a connection without TLS. Node gives every chunk that it reads a buffer of its own, 64 KiB each, and
 * collecting those was half of the cost of comparing (measured; see BENCHMARKS.md). This socket reads into one buffer
 * for its whole life, and where the answer offers room, into that: rows need not be copied then. Other listeners get a
 * copy, as the driver may keep what it is given.
 */
import { connect, type Socket } from 'node:net';

const READ_BYTES = 128 * 1024;

/** Room for the next bytes, in memory that stays where it is; undefined where there is none. */
export type Room = () => Buffer | undefined;

/** Of sockets that were made here; false while chunks are not lent. */
const lent = new WeakMap<Socket, Room | false>();

export type SocketPlace = { readonly host: string; readonly port: number } | { readonly path: string };

export function openSocket(place: SocketPlace): Socket {
  const own = Buffer.allocUnsafeSlow(READ_BYTES);
  let isMade = false;
  const roomOf = () => (isMade ? lent.get(socket) || undefined : undefined);
  const callback = (bytes: number, target: Uint8Array): boolean => {
    const chunk = (target as Buffer).subarray(0, bytes);
    socket.emit('data', roomOf() ? chunk : Buffer.from(chunk));
    return true;
  };
  const buffer = () => roomOf()?.() ?? own;
  const socket: Socket = connect({ ...place, noDelay: true, keepAlive: true, onread: { buffer, callback } });
  isMade = true;
  lent.set(socket, false);
  return socket;
}

/**
 * With room a chunk is lent: it is valid only during the listener's call, and may lie in the room that was offered
 * last. Undefined ends that. Sockets that were made elsewhere are left alone.
 */
export function lendChunks(socket: unknown, room: Room | undefined): void {
  if (lent.has(socket as Socket)) lent.set(socket as Socket, room ?? false);
}
