import { expect, test } from 'vitest';
import { findCycle } from './cycles.ts';
import { importsOf } from './importsOf.ts';
import type { Source } from './readSources.ts';
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

test.each([
  ['packages/contracts/src/a.ts', '@rowparity/core'],
  ['packages/core/src/a.ts', '@rowparity/mysql'],
  ['packages/core/src/a.ts', 'node:fs'],
  ['packages/queue/src/a.ts', '@rowparity/mysql'],
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

test('a cycle is found and named', () => {
  const files = [
    source('e2e/src/a.ts', ['./in/b.ts']),
    source('e2e/src/in/b.ts', ['./c.ts']),
    source('e2e/src/in/c.ts', ['../a.ts']),
  ];
  expect(findCycle(files)).toEqual(['e2e/src/a.ts', 'e2e/src/in/b.ts', 'e2e/src/in/c.ts', 'e2e/src/a.ts']);
  expect(findCycle(files.slice(0, 2))).toBeUndefined();
});
