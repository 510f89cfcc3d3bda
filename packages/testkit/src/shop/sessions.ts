// Table sessions: a binary UUID as key, binary data. Keys come ascending without being held in memory.

import type { SeededRandom } from '../random/seededRandom.ts';
import { FIRST_CUSTOMER_ID } from './customers.ts';
import { time } from './literals.ts';
import type { ShopTable } from './shopTable.ts';
import { sparseId } from './sparseIds.ts';

const TWO_64 = 2n ** 64n;
// Below and above these eight-byte beginnings there are strangers only.
const LOWEST_PREFIX = 2n ** 32n;
const HIGHEST_PREFIX = TWO_64 - 2n ** 32n;
const CUSTOMER_IDS = 50_000;

export const sessions: ShopTable = {
  name: 'sessions',
  share: 0.13,
  ddl: `CREATE TABLE sessions (
    id BINARY(16) NOT NULL PRIMARY KEY,
    customer_id BIGINT UNSIGNED NOT NULL,
    data VARBINARY(64) NULL,
    expires DATETIME NOT NULL
  )`,
  key: [{ name: 'id', kind: 'binary' }],
  *keys(count, random) {
    const step = (HIGHEST_PREFIX - LOWEST_PREFIX) / BigInt(Math.max(1, count));
    for (let index = 0n; index < count; index += 1n) {
      const prefix = LOWEST_PREFIX + index * step + random.bigint(0n, step - 1n);
      yield [prefixed(prefix, random)];
    }
  },
  values(_key, random) {
    const customer = sparseId(FIRST_CUSTOMER_ID, random.int(0, CUSTOMER_IDS - 1));
    const data = random.chance(0.1) ? 'NULL' : `x'${random.hex(random.int(0, 60))}'`;
    return `${customer},${data},${time(0, random)}`;
  },
  strangers: {
    below: (random) => [prefixed(random.bigint(0n, LOWEST_PREFIX - 1n), random)],
    between: (random) => [prefixed(random.bigint(LOWEST_PREFIX, HIGHEST_PREFIX - 1n), random)],
    above: (random) => [prefixed(random.bigint(HIGHEST_PREFIX, TWO_64 - 1n), random)],
  },
  mutations: [
    { column: 'customer_id', expression: 'customer_id + 1' },
    { column: 'data', expression: `IF(data IS NULL, '', NULL)` },
    { column: 'data', expression: `CONCAT(COALESCE(data, ''), x'00')` },
    { column: 'expires', expression: 'expires - INTERVAL 1 SECOND' },
  ],
};

function prefixed(prefix: bigint, random: SeededRandom): string {
  return prefix.toString(16).padStart(16, '0') + random.hex(8);
}
