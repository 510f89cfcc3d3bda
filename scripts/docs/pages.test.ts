import { failureCode, type RunSpec, runSpec } from '@rowparity/contracts';
import { EXIT } from '@rowparity/runtime';
import { expect, test } from 'vitest';
import { configurationText } from './configurationText.ts';
import { ledgerText } from './ledgerText.ts';
import { metricsText } from './metricsText.ts';
import { listFiles, readPage } from './pages.ts';

test('the configuration page is the one that the option tables make', () => {
  // Otherwise: npm run docs:configuration
  expect(readPage('docs/configuration.md')).toBe(configurationText());
});

test('docs/metrics.md has the metrics that the services register', () => {
  // Otherwise: npm run docs:metrics
  expect(readPage('docs/metrics.md')).toBe(metricsText());
});

test('the page of the ledger is the one that its tables make', () => {
  // Otherwise: npm run docs:ledger
  expect(readPage('docs/internals/ledger.md')).toBe(ledgerText());
});

test('every failure code has its section, and no other code has one', () => {
  const described = [...readPage('docs/failures.md').matchAll(/^### `([A-Z_]+)`$/gm)].map(([, code]) => code);
  expect(described.sort()).toEqual([...failureCode.options].sort());
});

test('every exit code is in the table of exit codes', () => {
  const rows = [...readPage('docs/failures.md').matchAll(/^\| (\d+) +\| (\w+) +\|/gm)];
  expect(Object.fromEntries(rows.map(([, code, name]) => [name, Number(code)]))).toEqual(EXIT);
});

test.each([
  ['shard.rows', ({ shard }) => shard.rows],
  ['shard.window', ({ shard }) => shard.window],
  ['shard.pageRows', ({ shard }) => shard.pageRows],
  ['recheck.stillMs', ({ recheck }) => `\`${recheck.stillMs}\``],
  ['recheck.fence', ({ recheck }) => `\`${recheck.fence}\``],
  ['recheck.maxWaitMs', ({ recheck }) => recheck.maxWaitMs.toLocaleString('en')],
  ['events.topic', ({ events }) => `\`${events.topic}\``],
  ['events.format', ({ events }) => `\`${events.format}\``],
  ['strategy', ({ strategy }) => `\`${strategy}\``],
] as const satisfies readonly (readonly [string, (spec: RunSpec) => unknown])[])(
  'the page of the run spec tells the default of %s',
  (field, defaultOf) => {
    const short = {
      version: 1,
      runId: 'r',
      source: 's',
      destination: 'd',
      direction: 'SRC',
      tables: [{ name: 't' }],
    };
    const row = readPage('docs/run-spec.md')
      .split('\n')
      .find((line) => line.startsWith(`| \`${field}\``));
    expect(row?.split('|').at(-2)?.trim()).toBe(String(defaultOf(runSpec.parse(short))));
  },
);

/** `*enforced by* path: "name of the test"`, or a list of such. */
const ENFORCED = /`([\w./-]+\.ts)`: ((?:"[^"]+"(?:, )?)+)/g;
const enforced = ['docs/spec.md', 'docs/faults.md'].flatMap((page) =>
  [...readPage(page).matchAll(ENFORCED)].flatMap(([, path = '', names = '']) =>
    [...names.matchAll(/"([^"]+)"/g)].map(([, name = '']) => ({ page, path, name })),
  ),
);

test.each(['docs/spec.md', 'docs/faults.md'])('%s names its tests', (page) => {
  expect(enforced.filter((one) => one.page === page).length).toBeGreaterThan(30);
});

test.each(enforced)('the test that $page names is there: $path, $name', ({ path, name }) => {
  expect(readPage(path)).toContain(name);
});

test.each(listFiles('e2e/src/faults/catalogue/*.ts'))(
  'every fault of %s is on the page of faults',
  (file) => {
    const names = [...readPage(file).matchAll(/\bname: (?:'([^']+)'|"([^"]+)")/g)].map(
      ([, a, b]) => a ?? b ?? '',
    );
    const page = readPage('docs/faults.md');
    expect(names.filter((name) => !page.includes(name))).toEqual([]);
  },
);
