import { expect, it } from 'vitest';
import { queryProblem } from './queryProblem.ts';

it.each([
  'SELECT MAX(ts) FROM percona.heartbeat',
  'select `ts` from `heart``beat` where server_id = 11 order by ts desc limit 1',
  'WITH last AS (SELECT MAX(id) AS id FROM outbox) SELECT id FROM last',
  'SELECT COALESCE(MAX(a.id), 0) FROM a JOIN b USING (id) WHERE a.id IN (SELECT id FROM c)',
  "SELECT UNIX_TIMESTAMP(NOW(6)) - 1 FROM shop.t WHERE note = 'for update; -- into'",
])('%s may be asked', (text) => {
  expect(queryProblem(text)).toBeUndefined();
});

it.each([
  ['', 'SELECT or WITH'],
  ['UPDATE t SET a = 1', 'SELECT or WITH'],
  ['(SELECT 1)', 'SELECT or WITH'],
  ['SELECT 1; DELETE FROM t', 'without comments or ";"'],
  ['SELECT 1 -- ', 'without comments'],
  ['SELECT 1) AS a, (SELECT 2', 'brackets'],
  ["SELECT 'a", 'quotes'],
  ['SELECT id FROM t FOR UPDATE', 'found "for update"'],
  ['SELECT id FROM t LOCK IN SHARE MODE', 'found "lock"'],
  ["SELECT id FROM t INTO OUTFILE '/tmp/x'", 'found "into"'],
  ['SELECT NEXT VALUE FOR s', 'found "next value"'],
  ['SELECT SLEEP(100)', 'found "sleep"'],
  ["SELECT GET_LOCK('a', 1)", 'found "get_lock"'],
  ["SELECT LOAD_FILE('/etc/passwd')", 'found "load_file"'],
  ['SELECT shop.f(1)', 'found "f"'],
  ['SELECT `f`(1)', 'quoted name'],
  ['SELECT @a := 1', 'without variables'],
  ['SELECT ?', 'without parameters'],
  ['WITH RECURSIVE a AS (SELECT 1) SELECT 1', 'found "recursive"'],
])('%s may not: %s', (text, words) => {
  expect(queryProblem(text)).toContain(words);
});
