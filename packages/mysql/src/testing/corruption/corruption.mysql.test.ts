import { readFile, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDifferences } from '../findDifferences.ts';
import { type TestServers, testServers } from '../tablePair.ts';
import { COLUMN_CASES } from './columnCases.ts';
import { corruptionTable } from './corruptionTable.ts';
import { isKnownTo } from './isKnownTo.ts';
import { plantCase } from './plantCase.ts';

/** Both strategies, in one page and in many. */
const WAYS = [
  [1000, 'exact'],
  [7, 'exact'],
  [1000, 'checksum'],
  [7, 'checksum'],
  [5, 'auto'],
] as const;

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

/** MySQL keeps one spelling of a JSON document, MariaDB the text; MariaDB turns −0 into 0, MySQL keeps it. */
function isStoredApart(rule: string): boolean {
  const { base, target } = servers.databases;
  if (rule === 'json') return base.server.flavour === 'mariadb' || target.server.flavour === 'mariadb';
  return target.server.flavour === 'mysql';
}

it.each(COLUMN_CASES.map((one, i) => [one.type, i, one] as const))(
  'every corruption of %s is reported with its type and columns, and nothing else is',
  async (_type, i, one) => {
    if (!isKnownTo(servers, one)) return expect(one.only).toBeDefined();
    const table = `c${i}`;
    const planted = plantCase(table, one);
    await Promise.all([
      servers.run('base', ...planted.statements.base),
      servers.run('target', ...planted.statements.target),
    ]);
    const plan = await servers.plan(table);
    const expected = planted.expected.map(({ event }) => event).sort();
    for (const [pageRows, strategy] of WAYS) {
      const { lines, counts, end } = await findDifferences(servers, plan, { pageRows, strategy });
      expect(lines).toEqual(expected);
      expect(end).toMatchObject({ outcome: 'differs' });
      for (const rule of planted.rules) {
        if (!isStoredApart(rule)) continue;
        // Digests write −0 as 0: a row that differs in nothing else is not read, and so not counted.
        const mayBeUnread = rule === 'negativeZero' && strategy !== 'exact';
        const count = counts[rule === 'json' ? 'equalByJson' : 'equalByNegativeZero'];
        expect(mayBeUnread ? [0, 1] : [1]).toContain(count);
      }
    }
  },
);

it('the same flag flipped in all of 10,000 rows is 10,000 differences', async () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => i);
  const insert = (flag: number) =>
    `INSERT INTO flags VALUES ${rows.map((i) => `(${i}, ${flag}, 'x')`).join(',')}`;
  await servers.runBoth('CREATE TABLE flags (id INT PRIMARY KEY, flag TINYINT, v VARCHAR(9))');
  await Promise.all([servers.run('base', insert(0)), servers.run('target', insert(1))]);
  const { counts } = await findDifferences(servers, await servers.plan('flags'));
  expect(counts).toMatchObject({ neq: 10_000, targetMissing: 0, baseMissing: 0, unstable: 0 });
});

it('the table in docs/corruption.md is the one that these tests make', async () => {
  const file = new URL('../../../../../docs/corruption.md', import.meta.url);
  const made = corruptionTable();
  if (process.env.ROWPARITY_UPDATE_DOCS === '1') await writeFile(file, made);
  expect(await readFile(file, 'utf8')).toBe(made);
});
