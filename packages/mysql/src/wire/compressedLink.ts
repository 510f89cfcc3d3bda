/**
 * Lets one connection of mysql2 talk compressed, by zlib or zstd. mysql2 knows only zlib, and takes frames with any
 * number and contents that are shorter than announced or have bytes behind them (ADR 0037). So its handshake gets our
 * flags, and below its packet parser our frames take the place of its own. Source: MySQL's protocol documentation,
 * "Compression", "Handshake Response Packet".
 *
 * What is relied on in mysql2 3.x, pinned by compressedLink.mysql.test.ts: `_command` is the handshake until it is
 * done, `sendSSLRequest` and `sendCredentials` send its `clientFlags`; a socket's chunk goes to `packetParser.execute`,
 * every packet is written by `write`, and `compressedSequenceId` begins anew with each command.
 */
import { Fault } from '@rowparity/contracts';
import type { Connection } from 'mysql2';
import { protocolBroken } from './brokenProtocol.ts';
import { CompressedFrames, plainFrames } from './compressedFrames.ts';
import type { CompressionAlgorithm } from './frameCodec.ts';

export type { CompressionAlgorithm };

/** `best`: zstd where the server offers it, else zlib, else none. */
export type CompressionWish = CompressionAlgorithm | 'best';

const FLAGS: Readonly<Record<CompressionAlgorithm, number>> = {
  // CLIENT_COMPRESS
  zlib: 1 << 5,
  // CLIENT_ZSTD_COMPRESSION_ALGORITHM
  zstd: 1 << 26,
};
/** The better one first. */
const ALGORITHMS = ['zstd', 'zlib'] as const;
/** A third of the processor time of zlib for nearly its ratio; higher levels cost more than they save (ADR 0037). */
const ZSTD_LEVEL = 1;

interface Packet {
  buffer: Buffer;
  end: number;
}

interface Handshake {
  readonly handshake: { readonly capabilityFlags: number };
  clientFlags: number;
  sendSSLRequest(connection: Driver): void;
  sendCredentials(connection: Driver): void;
}

interface Parser {
  execute(chunk: Buffer): void;
}

interface Driver {
  /** The running one. */
  readonly _command?: unknown;
  readonly serverCapabilityFlags: number;
  readonly stream: { destroy(): void };
  packetParser: Parser;
  _inflatedPacketsParser?: Parser;
  /** Where the frames of a compressed connection come through; ours. */
  compressedFrames?: CompressedFrames;
  compressedSequenceId: number;
  write(bytes: Buffer): void;
  writePacket(packet: Packet): void;
  _bumpCompressedSequenceId(frames: number): void;
  _handleFatalError(error: Error): void;
  once(event: 'connect', listener: () => void): void;
}

/** The algorithms that the server of a connection offers, the better one first. */
export function offeredBy(connection: Connection): readonly CompressionAlgorithm[] {
  return offeredIn((connection as unknown as Driver).serverCapabilityFlags);
}

function offeredIn(capabilities: number): readonly CompressionAlgorithm[] {
  return ALGORITHMS.filter((algorithm) => (capabilities & FLAGS[algorithm]) !== 0);
}

/**
 * Before the connection has heard of its server. The login fails with SESSION_NOT_AS_ASKED where the server does not
 * offer the algorithm that is asked for by name.
 */
export function compressLink(connection: Connection, wish: CompressionWish, server: string): void {
  const driver = connection as unknown as Driver;
  const handshake = driver._command as Handshake;
  const { sendSSLRequest, sendCredentials } = handshake;
  const choose = () => {
    const chosen = chosenOf(offeredIn(handshake.handshake.capabilityFlags), wish, server);
    if (chosen) handshake.clientFlags |= FLAGS[chosen];
    return chosen;
  };
  handshake.sendSSLRequest = (receiver) => {
    choose();
    sendSSLRequest.call(handshake, receiver);
  };
  handshake.sendCredentials = (receiver) => {
    const chosen = choose();
    if (chosen === 'zstd') withLevel(receiver, () => sendCredentials.call(handshake, receiver));
    else sendCredentials.call(handshake, receiver);
    if (chosen) driver.once('connect', () => exchange(driver, chosen, server));
  };
}

function chosenOf(
  offered: readonly CompressionAlgorithm[],
  wish: CompressionWish,
  server: string,
): CompressionAlgorithm | undefined {
  if (wish === 'best') return offered[0];
  if (offered.includes(wish)) return wish;
  const found = offered.length === 0 ? 'no compression' : `only ${offered.join(' and ')}`;
  const message = `${server}: the connection URL asks for compress=${wish}, and the server offers ${found}. Use compress=auto.`;
  throw new Fault('configuration', { code: 'SESSION_NOT_AS_ASKED', message });
}

/** The level is the last byte of the handshake response. */
function withLevel(driver: Driver, send: () => void): void {
  const usual = driver.writePacket;
  driver.writePacket = (packet) => {
    packet.buffer = Buffer.concat([packet.buffer, Buffer.from([ZSTD_LEVEL])]);
    packet.end += 1;
    usual.call(driver, packet);
  };
  try {
    send();
  } finally {
    driver.writePacket = usual;
  }
}

/** From here on both ends send frames. */
function exchange(driver: Driver, algorithm: CompressionAlgorithm, server: string): void {
  const packets = driver.packetParser;
  const frames = new CompressedFrames(algorithm, {
    takeNumber: (number) => {
      if (number !== driver.compressedSequenceId) return false;
      driver._bumpCompressedSequenceId(1);
      return true;
    },
    onBytes: (bytes) => packets.execute(bytes),
    onBroken: (found) => {
      // Without a command it belongs to no answer; the session then tells the next one who asks.
      driver._handleFatalError(driver._command ? protocolBroken(server, found) : strayFrame(found));
      driver.stream.destroy();
    },
  });
  driver._inflatedPacketsParser = packets;
  driver.compressedFrames = frames;
  driver.packetParser = { execute: (chunk) => frames.feed(chunk) };
  const { write } = driver;
  driver.write = (bytes) => {
    for (const frame of plainFrames(bytes, driver.compressedSequenceId)) {
      driver._bumpCompressedSequenceId(1);
      write.call(driver, frame);
    }
  };
}

/** As mysql2 names a packet that no command waits for. */
function strayFrame(found: string): Error {
  return Object.assign(new Error(found), { code: 'PROTOCOL_UNEXPECTED_PACKET' });
}
