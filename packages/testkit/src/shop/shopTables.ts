// The list of the shop's tables, in the order in which they are made.

import { auditEmpty } from './auditEmpty.ts';
import { customers } from './customers.ts';
import { ledgerGaps } from './ledgerGaps.ts';
import { orderItems } from './orderItems.ts';
import { orders } from './orders.ts';
import { sessions } from './sessions.ts';
import type { ShopTable } from './shopTable.ts';

export const shopTables: readonly ShopTable[] = [
  customers,
  orders,
  orderItems,
  sessions,
  ledgerGaps,
  auditEmpty,
];
