/**
 * A value that grows: an integer or a decimal with every digit, or a time as servers write it. Values of one kind have
 * an order; nothing else is a progress.
 */

export interface Progress {
  readonly kind: 'number' | 'time';
  /** Of a number: its value with SCALE digits behind the point. Of a time: its digits. */
  readonly order: bigint;
}

/** Digits behind the point that a DECIMAL can have. */
const SCALE = 38;
const FRACTION = 6;
const NUMBER = /^(-?)(\d{1,65})(?:\.(\d{1,38}))?$/;
/** With a space or a T, as DATETIME and pt-heartbeat write it. */
const TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?$/;

/** Undefined for what has no order. */
export function readProgress(text: string): Progress | undefined {
  const [, sign, whole, fraction = ''] = NUMBER.exec(text) ?? [];
  if (whole !== undefined) {
    const digits = BigInt(whole + fraction.padEnd(SCALE, '0'));
    return { kind: 'number', order: sign === '-' ? -digits : digits };
  }
  const time = TIME.exec(text);
  if (!time) return undefined;
  const [seconds, micros = ''] = [time.slice(1, 7).join(''), time[7]];
  return { kind: 'time', order: BigInt(seconds + micros.padEnd(FRACTION, '0')) };
}

/** 1: `a` is later. Undefined for two kinds. */
export function compareProgress(a: Progress, b: Progress): -1 | 0 | 1 | undefined {
  if (a.kind !== b.kind) return undefined;
  return a.order === b.order ? 0 : a.order > b.order ? 1 : -1;
}
