/** Keys that divide a stretch of an axis evenly. */
import type { KeyAxis } from './keyOrder.ts';

export interface Stretch {
  readonly from: bigint;
  readonly to: bigint;
  readonly parts: number;
}

export interface EvenKey {
  readonly value: string;
  readonly position: bigint;
}

/** Between both ends, in order; fewer than `parts - 1` where positions have no value of their own. */
export function evenKeys(axis: KeyAxis, { from, to, parts }: Stretch): readonly EvenKey[] {
  const keys: EvenKey[] = [];
  for (let i = 1n; i < BigInt(parts); i += 1n) {
    const value = axis.value(from + ((to - from) * i) / BigInt(parts));
    const position = axis.position(value);
    if (position > (keys.at(-1)?.position ?? from) && position < to) keys.push({ value, position });
  }
  return keys;
}
