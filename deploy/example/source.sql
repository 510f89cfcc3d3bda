-- The example's source, and the one user that Rowparity needs: SELECT and nothing else.
CREATE USER IF NOT EXISTS 'rowparity'@'%' IDENTIFIED BY 'rowparity';
GRANT SELECT ON shop.* TO 'rowparity'@'%';

USE shop;
CREATE TABLE customers (id BIGINT UNSIGNED PRIMARY KEY, name VARCHAR(100) NOT NULL, balance DECIMAL(12, 2) NOT NULL);
CREATE TABLE order_items (order_id BIGINT, line INT, product VARCHAR(40), PRIMARY KEY (order_id, line));

-- Numbers from 0 to 99999, without recursion: MySQL and MariaDB limit that by variables of different names.
CREATE TABLE numbers AS
  WITH d (i) AS (SELECT 0 UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)
  SELECT a.i + 10 * b.i + 100 * c.i + 1000 * e.i + 10000 * f.i AS i FROM d a, d b, d c, d e, d f;
INSERT INTO customers SELECT i, CONCAT('Customer ', i), i * 0.01 FROM numbers WHERE i BETWEEN 1 AND 20000;
INSERT INTO order_items SELECT i DIV 3, i % 3, CONCAT('Product ', i % 97) FROM numbers WHERE i < 30000;
DROP TABLE numbers;

-- Shards are cut by the optimizer's estimates, and these end at half of what the statistics hold.
ANALYZE TABLE customers, order_items;
