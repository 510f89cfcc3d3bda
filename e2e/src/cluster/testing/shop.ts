// The data of the suite: a shop on both sides, with differences planted by arithmetic, so that a query counts them.

export const TABLES = ['customers', 'order_items'] as const;
/** The same on both sides. */
export const EQUAL_TABLE = 'countries';

/** Numbers from 0 to 999,999: a recursion of a thousand steps stays below MySQL's limit. */
const NUMBERS = `WITH RECURSIVE d(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM d WHERE i < 999),
  n(i) AS (SELECT a.i * 1000 + b.i FROM d a CROSS JOIN d b)`;

function tablesSql(rows: number): string {
  return `
    CREATE USER IF NOT EXISTS 'rowparity'@'%' IDENTIFIED BY 'hidden-mysql';
    GRANT SELECT ON shop.* TO 'rowparity'@'%';
    DROP TABLE IF EXISTS customers, order_items, countries;
    CREATE TABLE customers (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(100) NOT NULL, balance DECIMAL(12, 2) NOT NULL);
    CREATE TABLE order_items (order_id BIGINT, line INT, product VARCHAR(40), PRIMARY KEY (order_id, line));
    CREATE TABLE countries (code CHAR(2) PRIMARY KEY, name VARCHAR(40) NOT NULL);
    INSERT INTO countries VALUES ('FR', 'France'), ('JP', 'Japan'), ('PE', 'Peru');
    INSERT INTO customers ${NUMBERS} SELECT i, CONCAT('Customer ', i), i * 0.01 FROM n WHERE i < ${rows};
    INSERT INTO order_items ${NUMBERS} SELECT i, 0, CONCAT('Product ', i % 97) FROM n WHERE i < ${rows};
    INSERT INTO order_items ${NUMBERS} SELECT i, 1, CONCAT('Product ', i % 89) FROM n WHERE i < ${rows};`;
}

export function sourceSql(rows: number): string {
  return `${tablesSql(rows)} ANALYZE TABLE customers, order_items;`;
}

export function destinationSql(rows: number): string {
  return `${tablesSql(rows)}
    DELETE FROM customers WHERE id % 9973 = 17;
    UPDATE customers SET balance = balance + 0.01 WHERE id % 7919 = 5;
    INSERT INTO customers SELECT 5000000 + id, 'Extra', 0 FROM customers WHERE id < 38 AND id % 9973 <> 17;
    DELETE FROM order_items WHERE order_id % 4999 = 3 AND line = 1;
    UPDATE order_items SET product = NULL WHERE order_id % 3989 = 7 AND line = 0;
    INSERT INTO order_items SELECT order_id, 2, 'Extra' FROM order_items WHERE line = 0 AND order_id % 8999 = 11;
    ANALYZE TABLE customers, order_items;`;
}

/** Of the source: table, type, how many rows. */
export const PLANTED_SQL = `
  SELECT 'customers target_missing', COUNT(*) FROM customers WHERE id % 9973 = 17
  UNION ALL SELECT 'customers neq', COUNT(*) FROM customers WHERE id % 7919 = 5 AND id % 9973 <> 17
  UNION ALL SELECT 'customers base_missing', COUNT(*) FROM customers WHERE id < 38 AND id % 9973 <> 17
  UNION ALL SELECT 'order_items target_missing', COUNT(*) FROM order_items WHERE order_id % 4999 = 3 AND line = 1
  UNION ALL SELECT 'order_items neq', COUNT(*) FROM order_items WHERE order_id % 3989 = 7 AND line = 0
  UNION ALL SELECT 'order_items base_missing', COUNT(*) FROM order_items WHERE line = 0 AND order_id % 8999 = 11`;
