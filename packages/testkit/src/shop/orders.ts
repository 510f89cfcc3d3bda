// Table orders: signed key with holes, and the column types in which two servers disagree most easily: ENUM, JSON,
// DOUBLE, TIMESTAMP, NULL beside the empty string.

import { FIRST_CUSTOMER_ID } from './customers.ts';
import { cents, double, json, note, time } from './literals.ts';
import type { ShopTable } from './shopTable.ts';
import { holeAmong, sparseId } from './sparseIds.ts';

export const FIRST_ORDER_ID = 100_000;
const CUSTOMER_IDS = 50_000;

const STATUSES = ['new', 'paid', 'packed', 'sent', 'returned'] as const;
const STATUS_LIST = STATUSES.map((status) => `'${status}'`).join(',');

export const orders: ShopTable = {
  name: 'orders',
  share: 0.3,
  ddl: `CREATE TABLE orders (
    id BIGINT NOT NULL PRIMARY KEY,
    customer_id BIGINT UNSIGNED NOT NULL,
    status ENUM(${STATUS_LIST}) NOT NULL,
    total DECIMAL(10,2) NOT NULL,
    placed_at DATETIME NOT NULL,
    updated_at TIMESTAMP(3) NULL DEFAULT NULL,
    details JSON NULL,
    note VARCHAR(200) NULL,
    discount DOUBLE NULL,
    paid TINYINT(1) NOT NULL
  )`,
  key: [{ name: 'id', kind: 'integer' }],
  *keys(count) {
    for (let index = 0; index < count; index += 1) yield [String(sparseId(FIRST_ORDER_ID, index))];
  },
  values(_key, random) {
    const customer = sparseId(FIRST_CUSTOMER_ID, random.int(0, CUSTOMER_IDS - 1));
    const start = `${customer},'${random.pick(STATUSES)}',${cents(0, 9_999_999, random)}`;
    const times = `${time(0, random)},${time(3, random)}`;
    return `${start},${times},${json(random)},${note(random)},${double(random)},${random.int(0, 1)}`;
  },
  strangers: {
    below: (random) => [String(random.int(-1_000_000, FIRST_ORDER_ID - 1))],
    between: (random, rowCount) => [String(holeAmong(FIRST_ORDER_ID, rowCount, random.int))],
    above: (random) => [String(random.bigint(2n ** 53n, 2n ** 63n - 1n))],
  },
  mutations: [
    { column: 'customer_id', expression: 'customer_id + 1' },
    {
      column: 'status',
      expression: `ELT(1 + FIELD(status, ${STATUS_LIST}) MOD ${STATUSES.length}, ${STATUS_LIST})`,
    },
    { column: 'total', expression: 'total + 0.01' },
    { column: 'placed_at', expression: 'placed_at + INTERVAL 1 SECOND' },
    { column: 'updated_at', expression: 'updated_at + INTERVAL 1000 MICROSECOND' },
    { column: 'updated_at', expression: 'NULL' },
    { column: 'details', expression: `IF(details IS NULL, '{}', NULL)` },
    {
      column: 'details',
      expression: `IF(details IS NULL, '{"n": 1}', JSON_SET(details, '$.n', JSON_EXTRACT(details, '$.n') + 1))`,
    },
    { column: 'note', expression: `IF(note IS NULL, '', IF(note = '', NULL, ''))` },
    { column: 'note', expression: `CONCAT(COALESCE(note, ''), 'x')` },
    { column: 'discount', expression: 'IF(discount IS NULL, 0, NULL)' },
    { column: 'discount', expression: 'COALESCE(discount, 0) + 0.125' },
    { column: 'paid', expression: '1 - paid' },
  ],
};
