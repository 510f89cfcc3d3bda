/**
 * Arithmetic on keys for planning only: which key lies between two others. Never used to match rows: that is done
 * by exact bytes, and the order of rows is the servers' own.
 */
import { encodedBytes, type KeyKind, type KeyTuple } from '@rowparity/contracts';

/** A key column mapped to whole numbers, so that a range of keys can be halved. */
export interface KeyAxis {
  position(value: string): bigint;
  value(position: bigint): string;
}

/** Digits after the point that matter when a decimal key is halved. */
const DECIMAL_SCALE = 6;
/** Bytes of a binary key that matter when its range is halved: a whole UUID. */
const BINARY_BYTES = 16;

const integerAxis: KeyAxis = {
  position: (value) => BigInt(value),
  value: (position) => position.toString(),
};

const decimalAxis: KeyAxis = {
  position: (value) => {
    const [whole = '0', fraction = ''] = value.split('.');
    const digits = fraction.slice(0, DECIMAL_SCALE).padEnd(DECIMAL_SCALE, '0');
    return BigInt(`${whole}${digits}`);
  },
  value: (position) => {
    const sign = position < 0n ? '-' : '';
    const digits = (position < 0n ? -position : position).toString().padStart(DECIMAL_SCALE + 1, '0');
    return `${sign}${digits.slice(0, -DECIMAL_SCALE)}.${digits.slice(-DECIMAL_SCALE)}`;
  },
};

const binaryAxis: KeyAxis = {
  position: (value) => BigInt(`0x0${value.slice(0, BINARY_BYTES * 2).padEnd(BINARY_BYTES * 2, '0')}`),
  value: (position) => position.toString(16).padStart(BINARY_BYTES * 2, '0'),
};

/** `YYYY-MM-DD[ hh:mm:ss[.ffffff]]` as microseconds, as if every value were a date in UTC. */
const temporalAxis: KeyAxis = {
  position: (value) => {
    const [seconds = '', fraction = ''] = value.split('.');
    const text = seconds.length > 10 ? `${seconds.replace(' ', 'T')}Z` : `${seconds}T00:00:00Z`;
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? 0n : BigInt(ms) * 1000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
  },
  value: (position) => {
    const ms = position / 1000n;
    return `${new Date(Number(ms)).toISOString().slice(0, 19).replace('T', ' ')}`;
  },
};

/** `[-]hhh:mm:ss[.ffffff]` as microseconds. */
const timeAxis: KeyAxis = {
  position: (value) => {
    const [, sign, hours = '0', minutes = '0', seconds = '0', fraction = ''] =
      /^(-?)(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
    const whole = (BigInt(hours) * 60n + BigInt(minutes)) * 60n + BigInt(seconds);
    const micros = whole * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
    return sign ? -micros : micros;
  },
  value: (position) => {
    const seconds = (position < 0n ? -position : position) / 1_000_000n;
    const pad = (part: bigint) => part.toString().padStart(2, '0');
    const time = `${pad(seconds / 3600n)}:${pad((seconds / 60n) % 60n)}:${pad(seconds % 60n)}`;
    return position < 0n && seconds > 0n ? `-${time}` : time;
  },
};

const SIGN_BIT = 2n ** 63n;
const doubleBits = new DataView(new ArrayBuffer(8));

/** The bits of a double, turned so that they grow with the number. */
const doubleAxis: KeyAxis = {
  position: (value) => {
    doubleBits.setFloat64(0, Number(value));
    const bits = doubleBits.getBigUint64(0);
    return bits >= SIGN_BIT ? SIGN_BIT - bits : bits;
  },
  value: (position) => {
    doubleBits.setBigUint64(0, position < 0n ? SIGN_BIT - position : position);
    return String(doubleBits.getFloat64(0));
  },
};

/** The axis of a key's first column; undefined where arithmetic does not match the server's order. */
export function axisOf(kind: KeyKind): KeyAxis | undefined {
  switch (kind) {
    case 'integer':
      return integerAxis;
    case 'decimal':
      return decimalAxis;
    case 'binary':
      return binaryAxis;
    case 'temporal':
      return temporalAxis;
    case 'time':
      return timeAxis;
    case 'double':
      return doubleAxis;
    case 'text':
      return undefined;
  }
}

/** Two tuples that are the same key, text by text. */
export function isSameKey(a: KeyTuple | null, b: KeyTuple | null): boolean {
  if (a === null || b === null) return a === b;
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/** A key as one unique text, for maps. Each value has its length, so separators in values do no harm. */
export function keyText(key: KeyTuple): string {
  return key.length === 1 ? (key[0] as string) : key.map((value) => `${value.length}:${value}`).join('');
}

/**
 * False for keys that a server may store but not find by their text: invalid dates, and bytes that are no text. That
 * such a key is not found proves nothing.
 */
export function isFoundByText(kind: KeyKind, text: string): boolean {
  if (kind === 'text') return encodedBytes(text) === undefined;
  return kind !== 'temporal' || isCalendarDate(text.slice(0, 10));
}

function isCalendarDate(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}
