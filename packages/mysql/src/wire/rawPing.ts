/**
 * One round trip that shows that nothing came behind the answers before: a connection keeps the order of what is sent,
 * so rows behind an end of rows would stand in front of the answer to COM_PING. Source: MySQL's protocol
 * documentation, "COM_PING", "OK_Packet".
 */
import type { Connection } from 'mysql2';
import { protocolBroken } from './brokenProtocol.ts';
import { serverError } from './endPackets.ts';
import { HEADER_BYTES } from './packetFrames.ts';
import { type AnswerReader, rawCommand } from './rawCommand.ts';
import type { WalkState } from './resultSetBuffer.ts';

const COM_PING = Buffer.from([1, 0, 0, 0, 0x0e]);
/** 0x00, no rows, no id, status 2, warnings 2; the state of the session may follow. */
const OK_BYTES_MIN = 7;
const ANSWER_BYTES_MAX = 16 * 1024;

export function rawPing(connection: Connection, answer: PingAnswer): Promise<void> {
  return rawCommand(connection, { packet: COM_PING, into: answer });
}

export class PingAnswer implements AnswerReader {
  readonly of: string;
  #bytes: Buffer = Buffer.alloc(0);

  constructor(of: string) {
    this.of = of;
  }

  /** Something has come. A server that is gone leaves nothing behind, or a whole answer. */
  get hasBegun(): boolean {
    return this.#bytes.length > 0;
  }

  feed(chunk: Buffer): WalkState {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    const { length } = this.#bytes;
    if (length > ANSWER_BYTES_MAX) throw this.#broken();
    if (length < HEADER_BYTES) return { kind: 'more' };
    const end = HEADER_BYTES + this.#bytes.readUIntLE(0, 3);
    if (end > ANSWER_BYTES_MAX || end < length) throw this.#broken();
    if (end > length) return { kind: 'more' };
    const isInSequence = this.#bytes[3] === 1;
    const error =
      this.#bytes[HEADER_BYTES] === 0xff ? serverError(this.#bytes, HEADER_BYTES, end) : undefined;
    if (error) return { kind: 'error', error, isInSequence };
    const isOk = end >= HEADER_BYTES + OK_BYTES_MIN && this.#bytes.readUIntBE(HEADER_BYTES, 3) === 0;
    if (!isOk || !isInSequence) throw this.#broken();
    return { kind: 'end' };
  }

  #broken(): Error {
    return protocolBroken(this.of, 'bytes came behind the end of the rows');
  }
}
