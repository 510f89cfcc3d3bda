import { expect, it } from 'vitest';
import { runSpec } from './runSpec.ts';
import { specProblems } from './specProblems.ts';

const SPEC = {
  ...{ version: 1, runId: 'r-1', source: 'old', destination: 'new', direction: 'SRC' },
  tables: [{ name: 'orders' }],
};

function problemsOf(spec: object) {
  const read = runSpec.safeParse(spec);
  if (read.success) throw new Error('expected a refusal');
  return specProblems(read.error);
}

it('an unknown field is named with the closest', () => {
  expect(problemsOf({ ...SPEC, excludeColums: ['a'] })).toEqual([
    { path: '(the whole spec)', message: 'unknown field "excludeColums" (the closest: excludeColumns)' },
  ]);
  expect(problemsOf({ ...SPEC, tables: [{ name: 'orders', wehre: 'a = 1' }] })).toEqual([
    { path: 'tables[0]', message: expect.stringContaining('"wehre" (the closest: where)') },
  ]);
});

it('a predicate that is refused is refused with its reason', () => {
  expect(problemsOf({ ...SPEC, tables: [{ name: 'orders', where: 'SLEEP(1) = 0' }] })).toEqual([
    { path: 'tables[0].where', message: expect.stringContaining('sleep') },
  ]);
});

it('of a fence the wrong parts are named, by the kind that is meant', () => {
  const fence = (value: unknown) => problemsOf({ ...SPEC, recheck: { fence: value } });
  const heartbeat = { kind: 'heartbeat', upstream: 'base', table: 'beats', where: '1; DROP TABLE t' };
  expect(fence(heartbeat).map(({ path }) => path)).toEqual([
    ...['recheck.fence.upstream', 'recheck.fence.column', 'recheck.fence.where'],
  ]);
  expect(fence({ kind: 'query', upstream: 'source', source: 'SELECT 1' })).toMatchObject([
    { path: 'recheck.fence.destination' },
  ]);
  expect(fence('on')).toMatchObject([
    { path: 'recheck.fence', message: expect.stringContaining('heartbeat') },
  ]);
});

it.each([
  ['unknown fields', { ...SPEC, ...fields(100_000) }],
  ['unknown fields of a table', { ...SPEC, tables: [{ name: 'a', ...fields(100_000) }] }],
  ['wrong tables', { ...SPEC, tables: Array.from({ length: 1000 }, () => ({ name: '' })) }],
  ['long names', { ...SPEC, tables: [{ name: 'x'.repeat(500_000), ['y'.repeat(500_000)]: 1 }] }],
  ['long keys', { ...SPEC, tables: [{ name: 'a', renamedColumns: { ['x'.repeat(500_000)]: 'b\n' } }] }],
  ['a long predicate', { ...SPEC, tables: [{ name: 'a', where: `${'x'.repeat(3900)}(1)` }] }],
])('%s without end: the answer is short and says how many there are', (_, spec) => {
  const problems = problemsOf(spec);
  expect(JSON.stringify(problems).length).toBeLessThan(20_000);
  expect(JSON.stringify(problems)).toMatch(/and \d[\d,]* more|…/);
});

function fields(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`unknown_${i}`, i]));
}
