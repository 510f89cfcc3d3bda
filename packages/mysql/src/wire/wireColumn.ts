/** What the server says of a result column: its type and whether it is unsigned or binary. */

export interface WireColumn {
  /** MYSQL_TYPE_… of the protocol. */
  readonly type: number;
  readonly isUnsigned: boolean;
  /** True for character set 63: the bytes are no text. */
  readonly isBinary: boolean;
}

/** The fixed part at a definition's end: 0x0c, charset 2, length 4, type 1, flags 2, decimals 1, filler 2. */
const FIXED_BYTES = 13;
const UNSIGNED_FLAG = 32;
const BINARY_CHARSET = 63;

/** Reads the definition whose packet ends at `end`. Its names, which come before, are not needed. */
export function wireColumn(bytes: Buffer, end: number): WireColumn {
  const fixed = end - FIXED_BYTES;
  return {
    type: bytes[fixed + 7] as number,
    isUnsigned: (bytes.readUInt16LE(fixed + 8) & UNSIGNED_FLAG) !== 0,
    isBinary: bytes.readUInt16LE(fixed + 1) === BINARY_CHARSET,
  };
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
  newDecimal: 0xf6,
  blob: 0xfc,
  varString: 0xfd,
} as const;
