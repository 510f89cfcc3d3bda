// Table customers: unsigned auto-increment key with holes, non-ASCII text, a nullable unique column.

import { cents, name, time } from './literals.ts';
import type { ShopTable } from './shopTable.ts';
import { holeAmong, sparseId } from './sparseIds.ts';

export const FIRST_CUSTOMER_ID = 1000;

export const customers: ShopTable = {
  name: 'customers',
  share: 0.1,
  ddl: `CREATE TABLE customers (
    id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
    name VARCHAR(100) NOT NULL,
    email VARCHAR(190) NULL,
    created_at DATETIME(6) NOT NULL,
    balance DECIMAL(12,2) NOT NULL,
    flag TINYINT NOT NULL,
    UNIQUE KEY customers_email (email)
  )`,
  key: [{ name: 'id', kind: 'integer' }],
  *keys(count) {
    for (let index = 0; index < count; index += 1) yield [String(sparseId(FIRST_CUSTOMER_ID, index))];
  },
  values(key, random) {
    const email = random.chance(0.05) ? 'NULL' : `'user${key[0]}@example.org'`;
    const balance = cents(-100_000, 99_999_999, random);
    return `${name(random)},${email},${time(6, random)},${balance},${random.int(-1, 3)}`;
  },
  strangers: {
    below: (random) => [String(random.int(1, FIRST_CUSTOMER_ID - 1))],
    between: (random, rowCount) => [String(holeAmong(FIRST_CUSTOMER_ID, rowCount, random.int))],
    // Beyond the signed range, and not the very largest: the table must still be able to count on.
    above: (random) => [String(random.bigint(2n ** 63n, 2n ** 64n - 1000n))],
  },
  mutations: [
    { column: 'name', expression: `CONCAT(name, 'x')` },
    { column: 'name', expression: `CONCAT(name, ' ')` },
    { column: 'email', expression: `CONCAT(COALESCE(email, id), '.planted')` },
    { column: 'email', expression: `IF(email IS NULL, CONCAT(id, '@planted'), NULL)` },
    { column: 'created_at', expression: 'created_at + INTERVAL 1 MICROSECOND' },
    { column: 'balance', expression: 'balance + 0.01' },
    { column: 'balance', expression: 'balance - 0.01' },
    { column: 'flag', expression: 'flag + 1' },
  ],
};
