/** What the server says of a result column. Source: MySQL's protocol documentation, "Column Definition". */
import { encodedLength } from './encodedLength.ts';

export interface WireColumn {
  readonly name: string;
  /** MYSQL_TYPE_… of the protocol. */
  readonly type: number;
  readonly isUnsigned: boolean;
  /** True for character set 63: the bytes are no text. */
  readonly isBinary: boolean;
  readonly charset: number;
  readonly displayLength: number;
  readonly decimals: number;
  readonly flags: number;
}

export const WIRE_TYPE = {
  decimal: 0x00,
  tiny: 0x01,
  short: 0x02,
  long: 0x03,
  float: 0x04,
  double: 0x05,
  null: 0x06,
  timestamp: 0x07,
  longlong: 0x08,
  int24: 0x09,
  date: 0x0a,
  time: 0x0b,
  datetime: 0x0c,
  year: 0x0d,
  varchar: 0x0f,
  bit: 0x10,
  vector: 0xf2,
  json: 0xf5,
  newDecimal: 0xf6,
  enum: 0xf7,
  set: 0xf8,
  tinyBlob: 0xf9,
  mediumBlob: 0xfa,
  longBlob: 0xfb,
  blob: 0xfc,
  varString: 0xfd,
  string: 0xfe,
  geometry: 0xff,
} as const;

const KNOWN_TYPES = new Set<number>(Object.values(WIRE_TYPE));
/**
 * Names in front of the fixed part: catalog, schema, table, original table, name, original name. MariaDB has one more
 * text behind them, the extended type ("Column Definition Packet" of its documentation).
 */
const NAMES = 6;
const NAME_PLACE = 4;
/** 0x0c, then charset 2, length 4, type 1, flags 2, decimals 1, filler 2. */
const FIXED_BYTES = 13;
const FIXED_LENGTH = 0x0c;
const UNSIGNED_FLAG = 32;
const BINARY_CHARSET = 63;

/** The definition whose content is bytes[start, end); undefined when it is none. */
export function wireColumn(bytes: Buffer, start: number, end: number): WireColumn | undefined {
  const fixed = end - FIXED_BYTES;
  let name = '';
  let position = start;
  for (let i = 0; i < NAMES; i += 1) {
    const text = encodedLength(bytes, position, fixed);
    if (!text) return undefined;
    if (i === NAME_PLACE) name = bytes.toString('utf8', text.start, text.end);
    position = text.end;
  }
  if (position !== fixed) position = encodedLength(bytes, position, fixed)?.end ?? -1;
  if (position !== fixed || bytes[fixed] !== FIXED_LENGTH) return undefined;
  const type = bytes[fixed + 7] as number;
  if (!KNOWN_TYPES.has(type)) return undefined;
  const charset = bytes.readUInt16LE(fixed + 1);
  const flags = bytes.readUInt16LE(fixed + 8);
  return {
    name,
    type,
    isUnsigned: (flags & UNSIGNED_FLAG) !== 0,
    isBinary: charset === BINARY_CHARSET,
    charset,
    displayLength: bytes.readUInt32LE(fixed + 3),
    decimals: bytes[fixed + 10] as number,
    flags,
  };
}
