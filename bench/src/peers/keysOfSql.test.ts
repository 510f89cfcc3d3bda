import { expect, it } from 'vitest';
import { keysOfSql } from './keysOfSql.ts';

const tables = [
  { name: 'orders', key: ['id'] },
  { name: 'pairs', key: ['a', 'b'] },
];

it.each([
  ["REPLACE INTO `shop`.`orders`(`v`, `id`) VALUES ('it''s \\'so\\'', '17') /* x */;", '17'],
  ["INSERT INTO `orders` (`id`, `v`) VALUES (18, 'a,(b');", '18'],
  ["DELETE FROM `shop`.`orders` WHERE `id`='19' LIMIT 1;", '19'],
  ["UPDATE `shop`.`orders` SET `v`=' WHERE `id`=1' WHERE `id`='20' LIMIT 1;", '20'],
])('%s', (sql, key) => {
  expect(keysOfSql(sql, tables)).toEqual([{ table: 'orders', key }]);
});

it('a key of two columns, values with line breaks, and statements about other tables', () => {
  const sql = [
    "REPLACE INTO `shop`.`pairs`(`a`, `b`, `v`) VALUES ('1', 'x', 'line\nbreak');",
    "DELETE FROM `shop`.`pairs` WHERE `b`='y' AND `a`='2' LIMIT 1;",
    "DELETE FROM `shop`.`other` WHERE `id`='1' LIMIT 1;",
  ].join('\n');
  expect(keysOfSql(sql, tables)).toEqual([
    { table: 'pairs', key: '1,x' },
    { table: 'pairs', key: '2,y' },
  ]);
});
