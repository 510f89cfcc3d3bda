import { addCounts, zeroCounts } from '@rowparity/contracts';
import { cutTable } from '@rowparity/core';
import { seededRandom } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { findDifferences } from '../testing/findDifferences.ts';
import { randomTables } from '../testing/randomTables.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

const ROUNDS = 40;
const seed = Number(process.env.ROWPARITY_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

function insert(table: string, rows: ReadonlyMap<string, string>): string[] {
  const values = [...rows].map(([key, row]) => `(${key}, ${row})`);
  return values.length > 0 ? [`INSERT INTO ${table} VALUES ${values.join(',')}`] : [];
}

it(`for any schema, keys, rows, edits, pages and shards, the result is that of a plain diff (seed ${seed})`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const random = seededRandom(seed + round);
    const table = `random${round}`;
    const { ddl, rows, expected } = randomTables(table, random);
    await Promise.all([
      servers.run('base', ddl, ...insert(table, rows.base)),
      servers.run('target', ddl, ...insert(table, rows.target)),
    ]);
    const plan = await servers.plan(table);
    const wantedRows = random.int(10, 400);
    const ranges = await cutTable(plan, { catalogs: servers.catalogs, wantedRows, signal: noSignal });
    let counts = zeroCounts();
    for (const range of ranges) {
      const strategy = random.pick(['exact', 'exact', 'checksum', 'auto'] as const);
      const found = await findDifferences(servers, plan, { pageRows: random.int(1, 100), strategy, range });
      expect(found.events).toHaveLength(found.counts.candidates);
      counts = addCounts(counts, found.counts);
    }
    const { base, target } = rows;
    const what = `seed ${seed + round}: ${ddl}`;
    expect(counts, what).toMatchObject({
      ...expected,
      unstable: 0,
      rowsBase: base.size,
      rowsTarget: target.size,
      caught: counts.planted,
    });
  }
});
