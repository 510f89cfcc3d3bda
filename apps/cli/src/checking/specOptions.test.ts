import { expect, it } from 'vitest';
import { specDifferences } from './specDifferences.ts';
import { readSpec } from './specOptions.ts';

const FRAME = { source: 'source_1', destination: 'destination_1', runId: 'run-1' };
const TEXTS = { tables: 'orders', direction: 'SRC' };

it('names are tables, names with * or ? are patterns, and named tables come first', () => {
  const { tables } = readSpec({ ...TEXTS, tables: 'log_20??, orders,cust*' }, FRAME);
  expect(tables).toEqual([{ name: 'orders' }, { pattern: 'log_20??' }, { pattern: 'cust*' }]);
});

it('every option stands where the spec wants it', () => {
  const texts = { shardRows: '5000', pageRows: '70', recheckDelays: '1,2', format: 'minimal', runId: 'mine' };
  expect(readSpec({ ...TEXTS, ...texts }, FRAME)).toMatchObject({
    runId: 'mine',
    shard: { rows: 5000, pageRows: 70 },
    recheck: { delaysMs: [1, 2] },
    events: { format: 'minimal' },
  });
});

it('every wrong value is named by its flag, all at once', () => {
  const texts = { ...TEXTS, shardRows: 'x', recheckDelays: '5,', direction: 'UP' };
  expect(() => readSpec(texts, FRAME)).toThrow(/--direction.*--shard-rows.*--recheck-delays/s);
});

it('every option of tables stands at the tables that it speaks of', () => {
  const texts = {
    ...{ tables: 'a,b.c,b', columns: 'x,b.c.y', excludeColumns: 'a.z,b.z,b.c.z', where: 'x > 1' },
    ...{ map: ['a=a2', 'a.x=x2', 'a.y=y2', 'b.c=b2'], strategy: 'checksum', rulesOff: 'json, floatWidth' },
  };
  const all = { excludeColumns: ['z'], where: 'x > 1' };
  expect(readSpec({ ...TEXTS, ...texts }, FRAME)).toMatchObject({
    strategy: 'checksum',
    rulesOff: ['json', 'floatWidth'],
    tables: [
      { name: 'a', ...all, columns: ['x'], destination: 'a2', renamedColumns: { x: 'x2', y: 'y2' } },
      { name: 'b.c', ...all, columns: ['x', 'y'], destination: 'b2' },
      { name: 'b', ...all, columns: ['x'] },
    ],
  });
  expect(readSpec({ ...TEXTS, key: 'b, a' }, FRAME).tables).toEqual([{ name: 'orders', key: ['b', 'a'] }]);
});

it('each side may have a predicate of its own', () => {
  const whereOf = (texts: Readonly<Record<string, unknown>>) =>
    readSpec({ ...TEXTS, ...texts }, FRAME).tables.map((table) =>
      'name' in table ? table.where : undefined,
    );
  const both = { source: 'a > 1', destination: 'b > 1' };
  expect(whereOf({ tables: 'x,y', whereSource: 'a > 1', whereDestination: 'b > 1' })).toEqual([both, both]);
  expect(whereOf({ tables: 'x', where: 'a > 1', whereDestination: 'b > 1' })).toEqual([both]);
  expect(() => whereOf({ tables: 'x', whereSource: 'a > 1' })).toThrow('--where-destination');
  expect(() => whereOf({ tables: 'x*', whereSource: 'a > 1', whereDestination: 'b > 1' })).toThrow(
    '--where-source',
  );
});

it('columns alone are left out wherever they are, those of one table only of that one', () => {
  const { tables, excludeColumns } = readSpec({ ...TEXTS, tables: 'a,b*', excludeColumns: 'x,a.y' }, FRAME);
  expect(excludeColumns).toEqual(['x']);
  expect(tables).toEqual([{ name: 'a', excludeColumns: ['y'] }, { pattern: 'b*' }]);
});

it.each([
  [{ columns: 'x' }, '--columns'],
  [{ columns: 'orders.x' }, '--columns'],
  [{ excludeColumns: 'orders.x' }, '--exclude-columns'],
  [{ key: 'id' }, '--key'],
  [{ where: '1' }, '--where'],
  [{ map: ['orders=other'] }, '--map'],
  [{ map: ['orders.x=y'] }, '--map'],
])('a pattern takes no %j', (texts, flag) => {
  expect(() => readSpec({ ...TEXTS, tables: 'order*', ...texts }, FRAME)).toThrow(
    new RegExp(`${flag}: .*(expected only names|a table that --tables names)`),
  );
});

it.each([
  [{ key: 'id', tables: 'a,b' }, '--key'],
  [{ map: ['orders'] }, '--map'],
  [{ map: ['orders=a=b'] }, '--map'],
  [{ map: ['x=y'] }, '--map'],
  [{ map: ['orders=a', 'orders=b'] }, '--map'],
  [{ columns: 'other.x' }, '--columns'],
  [{ columns: 'x,' }, '--columns'],
  [{ excludeColumns: 'x,' }, '--exclude-columns'],
  [{ excludeColumns: 'other.x' }, '--exclude-columns'],
  [{ where: '' }, '--where'],
  [{ strategy: 'guess' }, '--strategy'],
  [{ rulesOff: 'json,case' }, '--rules-off'],
])('wrong: %j', (texts, flag) => {
  expect(() => readSpec({ ...TEXTS, ...texts }, FRAME)).toThrow(flag);
});

it('what differs between two specs is named by its flag, and nothing else', () => {
  const began = readSpec({ ...TEXTS, pageRows: '60', where: 'a > 1' }, FRAME);
  const found = readSpec({ ...TEXTS, pageRows: '70', tables: 'a' }, { ...FRAME, source: 'source_2' });
  expect(specDifferences(began, began)).toEqual([]);
  expect(specDifferences(began, found)).toEqual([
    'the source: the run began with another server or database',
    '--tables: the run began with "orders", found "a"',
    '--where: the run began with "a > 1", found none',
    '--page-rows: the run began with 60, found 70',
  ]);
});

it('a fence by a heartbeat or by queries is given in parts', () => {
  const heartbeat = { fence: 'heartbeat', fenceUpstream: 'destination', fenceColumn: 'percona.heartbeat.ts' };
  expect(readSpec({ ...TEXTS, ...heartbeat, fenceWhere: 'server_id = 1' }, FRAME).recheck.fence).toEqual({
    ...{ kind: 'heartbeat', upstream: 'destination', database: 'percona', table: 'heartbeat', column: 'ts' },
    where: 'server_id = 1',
  });
  const sql = 'SELECT MAX(id) FROM outbox';
  const query = { fence: 'query', fenceUpstream: 'source', fenceSource: sql, fenceDestination: sql };
  expect(readSpec({ ...TEXTS, ...query }, FRAME).recheck.fence).toEqual({
    ...{ kind: 'query', upstream: 'source', source: sql, destination: sql },
  });
});

it.each([
  [{ fence: 'on' }, /^--fence: expected auto, off, or a fence of kind heartbeat or query; found "on"$/],
  [
    { fence: 'heartbeat', fenceUpstream: 'base', fenceColumn: 'h.ts' },
    /^--fence-upstream: .*"source".*found "base"$/,
  ],
  [{ fence: 'heartbeat', fenceUpstream: 'source' }, /^--fence-column: .*it is missing$/m],
  [
    { fence: 'heartbeat', fenceUpstream: 'source', fenceColumn: 'ts' },
    /^--fence-column: expected table\.column/,
  ],
  [{ fenceColumn: 'h.ts', fenceUpstream: 'source' }, /^--fence: .*it is missing$/m],
  [{ fence: 'off', fenceColumn: 'h.ts', fenceUpstream: 'source' }, /^--fence: .*found "off"$/m],
  [
    { fence: 'query', fenceUpstream: 'source', fenceSource: 'DELETE FROM t', fenceDestination: 'SELECT 1' },
    /^--fence-source: expected one query that begins with SELECT or WITH/,
  ],
])('a fence that is not whole is refused by its flag: %j', (texts, words) => {
  expect(() => readSpec({ ...TEXTS, ...texts }, FRAME)).toThrow(words);
});

it('patterns leave tables out; a table that is named is not left out', () => {
  const { tables } = readSpec({ ...TEXTS, tables: 'orders,log*', excludeTables: 'log_old, log_2*' }, FRAME);
  expect(tables).toEqual([{ name: 'orders' }, { pattern: 'log*', exclude: ['log_old', 'log_2*'] }]);
  expect(() => readSpec({ ...TEXTS, excludeTables: 'orders' }, FRAME)).toThrow(/--exclude-tables: .*pattern/);
});

it('flags win over the spec of a file, and its connections are not used', () => {
  const spec = {
    ...{ version: 1, runId: 'nightly', source: 'a', destination: 'b', stage: 'dst_first' },
    ...{ tables: [{ pattern: '*' }], shard: { rows: 500 }, recheck: { stillMs: 1000 } },
  };
  expect(readSpec({ spec }, FRAME)).toMatchObject({
    ...{ runId: 'nightly', source: 'source_1', destination: 'destination_1', stage: 'dst_first' },
    ...{ tables: [{ pattern: '*' }], shard: { rows: 500 }, recheck: { stillMs: 1000 } },
  });
  const texts = { spec, tables: 'orders', shardRows: '700', stillMs: '2000', runId: 'mine' };
  expect(readSpec(texts, FRAME)).toMatchObject({
    ...{ runId: 'mine', tables: [{ name: 'orders' }], shard: { rows: 700 }, recheck: { stillMs: 2000 } },
  });
  expect(() => readSpec({ spec: { ...spec, shards: 5 } }, FRAME)).toThrow(/shards/);
});
