// Table audit_empty: has no row. Each row that is found in it later is base_missing.

import { name, time } from './literals.ts';
import type { ShopTable } from './shopTable.ts';

export const auditEmpty: ShopTable = {
  name: 'audit_empty',
  share: 0,
  ddl: `CREATE TABLE audit_empty (
    id BIGINT NOT NULL PRIMARY KEY,
    actor VARCHAR(100) NOT NULL,
    at DATETIME(3) NOT NULL
  )`,
  key: [{ name: 'id', kind: 'integer' }],
  *keys() {},
  values: (_key, random) => `${name(random)},${time(3, random)}`,
  strangers: {
    below: (random) => [String(random.bigint(-(2n ** 63n), -1n))],
    between: (random) => [String(random.int(0, 1_000_000))],
    above: (random) => [String(random.bigint(2n ** 53n, 2n ** 63n - 1n))],
  },
  mutations: [],
};
