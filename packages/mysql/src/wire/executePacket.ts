/**
 * Builds COM_STMT_EXECUTE with typed parameters: integers go as 64-bit integers, so no key passes through a
 * double. Source: MySQL's protocol documentation, "COM_STMT_EXECUTE".
 */
import { encodedBytes, type KeyKind } from '@rowparity/contracts';
import { WIRE_TYPE } from './wireColumn.ts';

export interface Parameter {
  readonly kind: KeyKind;
  readonly text: string;
}

const COM_STMT_EXECUTE = 0x17;
/** Cursor flag: the number of parameters follows. Needed where query attributes are negotiated. */
const PARAMETER_COUNT_AVAILABLE = 0x08;
const UNSIGNED = 0x80;
const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

interface Encoded {
  readonly type: number;
  readonly flag: number;
  readonly bytes: Buffer;
}

/** The packet with its header, sequence number 0. */
export function executePacket(
  statementId: number,
  parameters: readonly Parameter[],
  hasQueryAttributes: boolean,
): Buffer {
  const fixed = Buffer.alloc(10);
  fixed[0] = COM_STMT_EXECUTE;
  fixed.writeUInt32LE(statementId, 1);
  if (hasQueryAttributes) fixed[5] = PARAMETER_COUNT_AVAILABLE;
  fixed.writeUInt32LE(1, 6);
  const body = Buffer.concat([fixed, ...parameterParts(parameters.map(encode), hasQueryAttributes)]);
  const header = Buffer.alloc(4);
  header.writeUIntLE(body.length, 0, 3);
  return Buffer.concat([header, body]);
}

function parameterParts(parameters: readonly Encoded[], hasQueryAttributes: boolean): Buffer[] {
  const count = hasQueryAttributes ? [encodedLength(parameters.length)] : [];
  if (parameters.length === 0) return count;
  const nullBitmap = Buffer.alloc((parameters.length + 7) >> 3);
  const types = parameters.flatMap(({ type, flag }) => [type, flag, ...(hasQueryAttributes ? [0] : [])]);
  // With query attributes on, every parameter has a name, which is empty.
  return [...count, nullBitmap, Buffer.from([1, ...types]), ...parameters.map(({ bytes }) => bytes)];
}

function encode({ kind, text }: Parameter): Encoded {
  switch (kind) {
    case 'integer':
      return encodeInteger(text);
    case 'decimal':
      return { type: WIRE_TYPE.newDecimal, flag: 0, bytes: withLength(Buffer.from(text)) };
    case 'binary':
      return { type: WIRE_TYPE.blob, flag: 0, bytes: withLength(Buffer.from(text, 'hex')) };
    case 'double':
      return encodeDouble(text);
    case 'text':
      return encodeText(text);
    case 'temporal':
    case 'time':
      return { type: WIRE_TYPE.varString, flag: 0, bytes: withLength(Buffer.from(text, 'utf8')) };
  }
}

/** Planning may ask one past either end of the 64-bit range; that bound goes as a decimal. */
function encodeInteger(text: string): Encoded {
  const value = BigInt(text);
  if (value < INT64_MIN || value > UINT64_MAX) return encode({ kind: 'decimal', text });
  const bytes = Buffer.alloc(8);
  if (value > INT64_MAX) bytes.writeBigUInt64LE(value);
  else bytes.writeBigInt64LE(value);
  return { type: WIRE_TYPE.longlong, flag: value > INT64_MAX ? UNSIGNED : 0, bytes };
}

function encodeDouble(text: string): Encoded {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(Number(text));
  return { type: WIRE_TYPE.double, flag: 0, bytes };
}

/** Bytes that are no text go as bytes; the statement turns them into the column's character set. */
function encodeText(text: string): Encoded {
  const hex = encodedBytes(text);
  if (hex !== undefined) return encode({ kind: 'binary', text: hex });
  return { type: WIRE_TYPE.varString, flag: 0, bytes: withLength(Buffer.from(text, 'utf8')) };
}

function withLength(bytes: Buffer): Buffer {
  return Buffer.concat([encodedLength(bytes.length), bytes]);
}

/** A length-encoded integer. */
function encodedLength(length: number): Buffer {
  if (length < 0xfb) return Buffer.from([length]);
  const encoded = Buffer.alloc(length < 0x10000 ? 3 : 4);
  encoded[0] = length < 0x10000 ? 0xfc : 0xfd;
  encoded.writeUIntLE(length, 1, encoded.length - 1);
  return encoded;
}
