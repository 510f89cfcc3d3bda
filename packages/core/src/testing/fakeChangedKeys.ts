/** Update times in memory, for tests of core alone: the order is that of (time, key). */
import type { KeyTuple } from '@rowparity/contracts';
import type { ChangedKey, ChangedKeysReader } from '../ports/changedKeys.ts';

/** From a key of one column to its update time. */
export type FakeTimes = Map<string, string>;

export class FakeChangedKeys implements ChangedKeysReader {
  readonly #times: FakeTimes;

  constructor(times: FakeTimes) {
    this.#times = times;
  }

  async list(after: ChangedKey | null, rows: number): Promise<readonly ChangedKey[]> {
    const all = [...this.#times].map(([key, time]) => ({ time, key: [key] })).sort(byPlace);
    return all.filter((one) => !after || byPlace(one, after) > 0).slice(0, rows);
  }

  async among(keys: readonly KeyTuple[]): Promise<readonly ChangedKey[]> {
    return keys.flatMap((key) => {
      const time = this.#times.get(key[0] as string);
      return time === undefined ? [] : [{ time, key }];
    });
  }

  async close(): Promise<void> {}
}

function byPlace(a: ChangedKey, b: ChangedKey): number {
  const [x, y] = [a, b].map(({ time, key }) => `${time} ${key[0]}`) as [string, string];
  return x < y ? -1 : Number(x > y);
}
