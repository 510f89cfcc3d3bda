-- The example's destination: the rows of source.sql, and then five differences, which a run must find.
CREATE USER IF NOT EXISTS 'rowparity'@'%' IDENTIFIED BY 'rowparity';
GRANT SELECT ON shop.* TO 'rowparity'@'%';

USE shop;
CREATE TABLE customers (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(100) NOT NULL, balance DECIMAL(12, 2) NOT NULL);
CREATE TABLE order_items (order_id BIGINT, line INT, product VARCHAR(40), PRIMARY KEY (order_id, line));

SET SESSION cte_max_recursion_depth = 100000;
INSERT INTO customers
  WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
  SELECT i, CONCAT('Customer ', i), i * 0.01 FROM n;
INSERT INTO order_items
  WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 29999)
  SELECT i DIV 3, i % 3, CONCAT('Product ', i % 97) FROM n;

DELETE FROM customers WHERE id IN (1, 4711);
UPDATE customers SET balance = balance + 0.01 WHERE id = 20000;
INSERT INTO customers VALUES (18446744073709551615, 'Nobody', 0);
UPDATE order_items SET product = NULL WHERE order_id = 7 AND line = 2;

-- Shards are cut by the optimizer's estimates, and these end at half of what the statistics hold.
ANALYZE TABLE customers, order_items;
