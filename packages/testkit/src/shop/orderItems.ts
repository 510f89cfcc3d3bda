// Table order_items: a composite key, a few lines to each order.

import { cents } from './literals.ts';
import { FIRST_ORDER_ID } from './orders.ts';
import type { ShopTable } from './shopTable.ts';
import { holeAmong, sparseId } from './sparseIds.ts';

const LINES_MAX = 4;

export const orderItems: ShopTable = {
  name: 'order_items',
  share: 0.45,
  ddl: `CREATE TABLE order_items (
    order_id BIGINT NOT NULL,
    line_no INT NOT NULL,
    sku VARCHAR(32) NOT NULL,
    qty INT NOT NULL,
    price DECIMAL(10,2) NOT NULL,
    PRIMARY KEY (order_id, line_no)
  )`,
  key: [
    { name: 'order_id', kind: 'integer' },
    { name: 'line_no', kind: 'integer' },
  ],
  *keys(count, random) {
    let left = count;
    for (let index = 0; left > 0; index += 1) {
      const order = String(sparseId(FIRST_ORDER_ID, index));
      const lines = Math.min(left, random.int(1, LINES_MAX));
      for (let line = 1; line <= lines; line += 1) yield [order, String(line)];
      left -= lines;
    }
  },
  values(_key, random) {
    return `'SKU-${random.hex(3)}',${random.int(1, 12)},${cents(1, 999_999, random)}`;
  },
  strangers: {
    below: (random) => [String(random.int(-1000, FIRST_ORDER_ID - 1)), String(random.int(-5, 5))],
    between: (random, rowCount) => {
      // Either a line that its order never has, or an order that is not there.
      const orderCount = Math.max(1, Math.floor(rowCount / LINES_MAX));
      if (random.chance(0.5)) return [String(holeAmong(FIRST_ORDER_ID, orderCount, random.int)), '1'];
      return [
        String(sparseId(FIRST_ORDER_ID, random.int(0, orderCount - 1))),
        String(LINES_MAX + random.int(1, 99)),
      ];
    },
    above: (random) => [String(random.bigint(2n ** 53n, 2n ** 63n - 1n)), String(random.int(1, 3))],
  },
  mutations: [
    { column: 'sku', expression: 'LOWER(sku)' },
    { column: 'sku', expression: `CONCAT(sku, '0')` },
    { column: 'qty', expression: 'qty + 1' },
    { column: 'qty', expression: '-qty' },
    { column: 'price', expression: 'price + 0.01' },
    { column: 'price', expression: 'price - 0.01' },
  ],
};
