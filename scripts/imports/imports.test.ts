import { expect, test } from 'vitest';
import { findCycle } from './cycles.ts';
import { importsOf, namesOf } from './importsOf.ts';
import { unusedNames } from './names.ts';
import { roomOf } from './places.ts';
import type { Source } from './readSources.ts';
import { tableProblems } from './rooms.ts';
import { problemsOf } from './rules.ts';

function source(path: string, imports: readonly string[], text = ''): Source {
  return { path, workspace: path.slice(0, path.indexOf('/src/')), text, imports };
}

test('every form of import is seen', () => {
  const text = [
    `import a from 'a';`,
    `import {\n  type B,\n  c,\n} from "b";`,
    `import type { D } from './d.ts';`,
    `import 'e';`,
    `export * from './f.ts';`,
    `const g = await import('g');`,
    `// import nothing from 'comment'`,
  ].join('\n');
  expect(importsOf(text)).toEqual(['a', 'b', './d.ts', 'e', './f.ts', 'g']);
});

test('names are those of the module that has them', () => {
  const text = `import {\n  type B,\n  c as d,\n} from "b";\nexport type { E } from './e.ts';`;
  expect(namesOf(text)).toEqual([
    { specifier: 'b', names: ['B', 'c'] },
    { specifier: './e.ts', names: ['E'] },
  ]);
});

test.each([
  ['packages/contracts/src/a.ts', '@rowparity/core'],
  ['packages/core/src/a.ts', '@rowparity/mysql'],
  ['packages/core/src/a.ts', 'node:fs'],
  ['packages/redis/src/a.ts', '@rowparity/mysql'],
  ['packages/mysql/src/a.ts', '@rowparity/testkit'],
  ['packages/mysql/src/a.ts', 'ioredis'],
  ['apps/worker/src/a.ts', 'mysql2/promise'],
  ['apps/worker/src/a.ts', '@rowparity/coordinator'],
  ['apps/worker/src/a.ts', '../../cli/src/b.ts'],
])('%s must not import %s', (path, specifier) => {
  expect(problemsOf(source(path, [specifier]))).toHaveLength(1);
});

test.each([
  ['packages/core/src/a.ts', '@rowparity/contracts'],
  ['packages/core/src/a.ts', 'node:crypto'],
  ['packages/mysql/src/a.ts', 'mysql2/promise'],
  ['packages/mysql/src/a.mysql.test.ts', '@rowparity/testkit/vitest'],
  ['apps/worker/src/a.ts', '@rowparity/producer'],
  ['packages/testkit/src/a.ts', 'kafkajs'],
])('%s may import %s', (path, specifier) => {
  expect(problemsOf(source(path, [specifier]))).toEqual([]);
});

test('core that reads the clock is a problem, its tests are free to', () => {
  expect(problemsOf(source('packages/core/src/a.ts', [], 'const now = Date.now();'))).toHaveLength(1);
  expect(problemsOf(source('packages/core/src/a.test.ts', [], 'const now = Date.now();'))).toEqual([]);
});

test.each([
  ['up a floor', 'packages/core/src/planning/planRun.ts', '../validating/workShard.ts'],
  ['up inside a room of rooms', 'packages/core/src/planning/cutting/a.ts', '../planRun.ts'],
  ['to what stands on top', 'packages/producer/src/sinks/a.ts', '../createProducer.ts'],
])('an arrow %s is a problem: from %s to %s', (_name, path, specifier) => {
  expect(problemsOf(source(path, [specifier]))).toEqual([expect.stringContaining('must not enter')]);
});

test('a room is entered by its doors, also from index.ts', () => {
  const inside = './comparing/readPairs.ts';
  const found = [expect.stringContaining('is no door of comparing')];
  expect(problemsOf(source('packages/core/src/validating/a.ts', [`.${inside}`]))).toEqual(found);
  expect(problemsOf(source('packages/core/src/index.ts', [inside]))).toEqual(found);
  expect(problemsOf(source('packages/core/src/validating/a.ts', ['../comparing/compareRange.ts']))).toEqual(
    [],
  );
  expect(problemsOf(source('packages/core/src/validating/a.test.ts', [`.${inside}`]))).toEqual([]);
  expect(problemsOf(source('packages/core/src/comparing/a.ts', ['./readPairs.ts']))).toEqual([]);
});

test('a folder that no table names is a problem, a folder inside a room is of the room', () => {
  const path = 'packages/core/src/attic/a.ts';
  expect(problemsOf(source(path, []))).toEqual([expect.stringContaining('has no such room')]);
  expect(roomOf(source('packages/core/src/ports/inner/a.ts', []))).toBe('ports');
  expect(roomOf(source('packages/core/src/planning/cutting/a.ts', []))).toBe('planning/cutting');
});

test('a room or door of the tables that is not there is a problem', () => {
  const problems = tableProblems([source('apps/coordinator/src/main.ts', ['./supervising/supervisor.ts'])]);
  expect(problems).toContain('apps/coordinator/http: a room of the table without a file');
  expect(problems).not.toContain(
    'apps/coordinator/supervising/supervisor: a door of the table that no other room enters',
  );
  expect(problems).toContain(
    'packages/core/comparing/compareRange: a door of the table that no other room enters',
  );
});

test.each([
  ['packages/core/src/validating/a.ts', '../testing/manualClock.ts'],
  ['packages/mysql/src/wire/a.ts', './testing/resultSet.ts'],
  ['apps/worker/src/main.ts', '@rowparity/mysql/testing'],
  ['packages/sqlite/src/a.ts', '@rowparity/core/conformance/ledger'],
  ['e2e/src/demo/main.ts', '../testing/scene.ts'],
])('%s must not reach the wing %s, its tests and other wings may', (path, specifier) => {
  expect(problemsOf(source(path, [specifier]))).toEqual([expect.stringContaining('is for tests alone')]);
  expect(problemsOf(source(path.replace('.ts', '.test.ts'), [specifier]))).toEqual([]);
});

test('only runtime reads the environment, beside tests and what stands outside the product', () => {
  const text = 'const token = process.env.TOKEN;';
  expect(problemsOf(source('apps/cli/src/usage/a.ts', [], text))).toEqual([
    expect.stringContaining('reads process.env'),
  ]);
  for (const path of [
    'packages/runtime/src/a.ts',
    'packages/testkit/src/a.ts',
    'apps/cli/src/testing/a.ts',
  ]) {
    expect(problemsOf(source(path, [], text))).toEqual([]);
  }
});

test.each(['RunStore', 'PlanStore', 'ShardHolds', 'Ledger'])('the reporter must not have %s', (name) => {
  const text = `import { type ${name}, reportOf } from '@rowparity/core';`;
  expect(problemsOf(source('apps/reporter/src/a.ts', [], text))).toEqual([
    expect.stringContaining('only reads the ledger'),
  ]);
  expect(problemsOf(source('apps/worker/src/a.ts', [], text))).toEqual([]);
  expect(problemsOf(source('apps/reporter/src/a.test.ts', [], text))).toEqual([]);
});

test('a name that leaves a package and that no other workspace imports is a problem, and so is a star', () => {
  const index = source('packages/core/src/index.ts', [], `export { used, type Unused } from './a.ts';`);
  const own = source('packages/core/src/b.ts', [], `import type { Unused } from '@rowparity/core';`);
  const user = source('apps/worker/src/a.ts', [], `import { used as mine } from '@rowparity/core';`);
  expect(unusedNames([index, own, user])).toEqual([expect.stringContaining('uses Unused')]);
  const star = source(
    'packages/core/src/index.ts',
    [],
    `export { used } from './a.ts';\nexport * from './c.ts';`,
  );
  expect(unusedNames([star, user])).toEqual([expect.stringContaining('found a star')]);
});

test('a cycle is found and named', () => {
  const files = [
    source('e2e/src/a.ts', ['./in/b.ts']),
    source('e2e/src/in/b.ts', ['./c.ts']),
    source('e2e/src/in/c.ts', ['../a.ts']),
  ];
  expect(findCycle(files)).toEqual(['e2e/src/a.ts', 'e2e/src/in/b.ts', 'e2e/src/in/c.ts', 'e2e/src/a.ts']);
  expect(findCycle(files.slice(0, 2))).toBeUndefined();
});
