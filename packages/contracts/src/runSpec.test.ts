import { expect, it } from 'vitest';
import { type ChangedSince, changedFrom } from './changedSince.ts';
import { directionOf, runSpec } from './runSpec.ts';

const spec = {
  version: 1,
  runId: 'r-1',
  source: 'src',
  destination: 'dst',
  direction: 'SRC',
  tables: [{ name: 'orders' }],
};

function problemPaths(raw: unknown): string[] {
  const read = runSpec.safeParse(raw);
  return read.success ? [] : read.error.issues.map((issue) => issue.path.join('.'));
}

it('a short spec gets every default', () => {
  expect(runSpec.parse(spec)).toMatchObject({
    shard: { rows: 100_000, window: 256, pageRows: 20_000 },
    recheck: { stillMs: 'auto', fence: 'auto', maxWaitMs: 60_000 },
    events: { topic: 'dbMove', format: 'full' },
  });
});

it.each([
  ['src_only', 'SRC'],
  ['src_first', 'SRC'],
  ['dst_first', 'DST'],
  ['dst_only', 'DST'],
] as const)('the stage %s trusts %s', (stage, direction) => {
  const { direction: _, ...rest } = spec;
  expect(directionOf(runSpec.parse({ ...rest, stage }))).toBe(direction);
  expect(problemPaths({ ...rest, stage, direction: direction === 'SRC' ? 'DST' : 'SRC' })).toEqual([
    'direction',
  ]);
});

it('neither direction nor stage is refused', () => {
  const { direction: _, ...rest } = spec;
  expect(problemPaths(rest)).toEqual(['direction']);
});

it.each([
  [{ ...spec, runId: 'a:b' }, 'runId'],
  [{ ...spec, runId: '' }, 'runId'],
  [{ ...spec, version: 2 }, 'version'],
  [{ ...spec, source: 'a b' }, 'source'],
  [{ ...spec, tables: [] }, 'tables'],
  [{ ...spec, shard: { rows: 0 } }, 'shard.rows'],
  [{ ...spec, recheck: { delaysMs: [] } }, 'recheck.delaysMs'],
  [{ ...spec, events: { topic: 'a b' } }, 'events.topic'],
  [{ ...spec, tables: [{ name: 'a' }, { name: 'a\0b' }] }, 'tables.1.name'],
])('a wrong value is named by its path (%#)', (raw, path) => {
  expect(problemPaths(raw)).toEqual([path]);
});

it('an unknown field is refused, so that a typo is not taken for a default', () => {
  expect(runSpec.safeParse({ ...spec, shards: { rows: 5 } }).success).toBe(false);
});

it.each([
  [[{ name: 'orders' }], ['destination']],
  [[{ name: 'orders', destination: 'orders' }], ['destination']],
  [[{ name: 'orders', destination: 'orders_new' }, { pattern: 'o*' }], ['destination']],
  [[{ name: 'orders', destination: 'orders_new' }], []],
])('one connection on both sides with the tables %j: problems at %j', (tables, paths) => {
  const same = { ...spec, destination: spec.source, tables };
  expect(problemPaths(same)).toEqual(paths);
  expect(problemPaths({ ...same, allowSame: true })).toEqual([]);
});

it.each([
  [{ changedSince: { time: '2026-11-27T10:00:00+02:00' } }, []],
  [{ changedSince: { time: 'yesterday' } }, ['changedSince.time']],
  [{ changedSince: { time: '2026-11-27T10:00:00Z', overlapMs: -1 } }, ['changedSince.overlapMs']],
  [{ changedSince: { time: '2026-11-27T10:00:00Z' }, strategy: 'checksum' }, ['strategy']],
  [{ changedSince: { time: '2026-11-27T10:00:00Z' }, basedOn: { runId: 'other' } }, ['changedSince']],
])('rows that changed, asked for as %j: problems at %j', (more, paths) => {
  expect(problemPaths({ ...spec, ...more })).toEqual(paths);
});

it('rows count from the overlap before the time on, in UTC', () => {
  const { changedSince } = runSpec.parse({ ...spec, changedSince: { time: '2026-11-27T10:00:00+02:00' } });
  expect(changedFrom(changedSince as ChangedSince)).toBe('2026-11-27 07:55:00.000');
});
