import { expect, it } from 'vitest';
import { movingCalls, predicateProblem } from './predicateProblem.ts';

it.each([
  'a = 1',
  '(a = 1) OR (b IN (2, 3))',
  "note = ')'",
  "note = 'it''s (' AND `we)ird` = \"x\"",
  "a = '\\')'",
  'a - -1 > 0',
  'a BETWEEN 1.5 AND .5 AND t.b NOT IN (1) AND NOT (c <=> NULL)',
  "select_count > 1 AND lock_version = 2 AND sleep = 3 AND into_x = 'SELECT SLEEP(1) INTO OUTFILE'",
  '`select` = 1 AND `lock` = 2 AND t.`table` = 3 AND t.select = 4',
  "LOWER(name) LIKE 'a%' AND CAST(n AS DECIMAL(10, 2)) > 0 AND COALESCE (a, b) = _utf8mb4'x'",
  "CASE WHEN (a > 1) THEN (b) ELSE (c) END = 1 AND d >= DATE '2026-01-01' - INTERVAL 1 DAY",
  "SUBSTRING(a FROM 1 FOR 2) = 'x' AND EXTRACT(YEAR FROM d) = 2026 AND TRIM(BOTH ' ' FROM e) <> ''",
  "doc->>'$.next' = 'value' AND next = 1 AND größe > 2 AND 表.列 = 3",
  'created_at < NOW() - INTERVAL 1 DAY AND d < CURRENT_TIMESTAMP',
  "flags & 4 = 4 AND MATCH (t) AGAINST ('x' IN BOOLEAN MODE) AND b = x'00ff' AND c = 0xff AND n = 1e5",
])('%s is accepted', (text) => {
  expect(predicateProblem(text)).toBeUndefined();
});

it.each([
  'a) OR (1',
  '(a',
  "a = 'open",
  'a -- rest',
  'a # rest',
  'a /* rest',
  'a /*! OR 1 */',
  '1; DROP TABLE t',
  "a = '\\'",
  'a = `x',
  'a = ?',
  'a = 1\0',
])('%j reaches out of its brackets and is refused', (text) => {
  expect(predicateProblem(text)).toMatch(/expected a predicate/);
});

it.each([
  'a IN (SELECT id FROM other)',
  'a IN (select\tid FROM other)',
  'EXISTS (TABLE other)',
  'a IN (TABLE other)',
  'a IN (VALUES ROW(1))',
  'a = 1 LOCK IN SHARE MODE',
  'a = 1 FOR UPDATE',
  'a = 1 for  share',
  "a = 1 INTO OUTFILE '/tmp/x'",
  'a = NEXT VALUE FOR s',
  'a = previous value for s',
  'a = NEXTVAL(s)',
  'SETVAL(s, 1) = 1',
  'LASTVAL(s) = 1',
  'SLEEP(10) = 0',
  'sLeEp  (10) = 0',
  'ſleep(1) = 0',
  'slëep(1) = 0',
  'sleep\u00a0(1) = 0',
  'BENCHMARK(1e9, SHA2(1, 512)) = 0',
  "GET_LOCK('x', 10) = 1",
  "RELEASE_LOCK('x') = 1",
  'RELEASE_ALL_LOCKS() = 1',
  "IS_FREE_LOCK('x') = 1",
  "LOAD_FILE('/etc/passwd') <> ''",
  "MASTER_POS_WAIT('x', 1) = 0",
  "SOURCE_POS_WAIT('x', 1) = 0",
  "MASTER_GTID_WAIT('x') = 0",
  "WAIT_FOR_EXECUTED_GTID_SET('x') = 0",
  'UUID_SHORT() = 1',
  'RAND() < 0.5',
  "UUID() > 'a'",
  'LAST_INSERT_ID(5) = 5',
  'CONNECTION_ID() = 5',
  "CURRENT_USER = 'root@%'",
  'stored(1) = 1',
  '`stored`(1) = 1',
  'other.stored(1) = 1',
  '`other`.`lower`(1) = 1',
  'other.lower(1) = 1',
  '@a = 1',
  '(@a := 1) = 1',
  '@@datadir = 1',
  '@@global.gtid_executed = 1',
  'mysql.user.host = 1',
  '`mysql` . `user` . `host` = 1',
  '.user.host = 1',
])('%s reads, locks, waits or calls, and is refused', (text) => {
  expect(predicateProblem(text)).toMatch(/^expected /);
});

it('a problem is short, for any predicate', () => {
  expect(predicateProblem(`${'x'.repeat(3000)}(1)`)?.length).toBeLessThan(300);
});

it.each([
  ['created_at < NOW()', ['now']],
  ['d < current_timestamp AND t.now = 1', ['current_timestamp']],
  ["a = 'NOW()' AND `now` = 1", []],
])('of %s the words that name other rows at each reading are %j', (text, expected) => {
  expect(movingCalls(text)).toEqual(expected);
});
