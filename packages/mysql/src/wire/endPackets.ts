/** The packets that end rows: EOF and ERR. Source: MySQL's protocol documentation, "EOF_Packet", "ERR_Packet". */
import { HEADER_BYTES } from './packetFrames.ts';

/** 0xfe, warnings 2, status 2. */
const EOF_BYTES = 5;
/** 0xff, number 2, `#`, state 5. */
const ERROR_BYTES_MIN = 9;
/** More results follow, rows come by cursor only, output parameters follow: none of it was asked for. */
const STATUS_NEVER = 0x0008 | 0x0040 | 0x1000;

export interface ServerError {
  readonly errno: number;
  readonly sqlState: string;
  readonly message: string;
}

/** What is wrong with the EOF whose content is bytes[start, end). */
export function eofFault(bytes: Buffer, start: number, end: number): string | undefined {
  if (end - start !== EOF_BYTES) return `expected an EOF of ${EOF_BYTES} bytes, found ${end - start}`;
  const status = bytes.readUInt16LE(start + 3) & STATUS_NEVER;
  return status === 0 ? undefined : `the status of an EOF announces more (0x${status.toString(16)})`;
}

/** Undefined when the ERR is too short to be one. */
export function serverError(bytes: Buffer, start: number, end: number): ServerError | undefined {
  if (end - start < ERROR_BYTES_MIN || bytes[start + 3] !== 0x23) return undefined;
  return {
    errno: bytes.readUInt16LE(start + 1),
    sqlState: bytes.toString('latin1', start + 4, start + 9),
    message: bytes.toString('utf8', start + 9, end),
  };
}

/**
 * The ERR that alone fills bytes[start, end), with its header. A server that ends a session says so behind the answer
 * that it has just sent, in a packet of any number (MariaDB: errors 1927 and 1053; MySQL: 4031).
 */
export function errorBehind(bytes: Buffer, start: number, end: number): ServerError | undefined {
  const content = start + HEADER_BYTES;
  if (end <= content || content + bytes.readUIntLE(start, 3) !== end || bytes[content] !== 0xff)
    return undefined;
  return serverError(bytes, content, end);
}
