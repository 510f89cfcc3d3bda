import { afterAll, beforeAll, expect, it } from 'vitest';
import { EVERYTHING, noSignal, PAGE, type TestServers, testServers } from '../testing/tablePair.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

async function readers(table: string, columns: string) {
  await servers.runBoth(`CREATE TABLE ${table} (id INT PRIMARY KEY, ${columns})`);
  await servers.runBoth(`INSERT INTO ${table} (id) VALUES (1), (2), (3)`);
  return servers.readers(await servers.plan(table));
}

it.each([
  ['wider', 'v INT', 'MODIFY v BIGINT'],
  ['longer', 'v VARCHAR(10)', 'MODIFY v VARCHAR(20)'],
  ['finer', 'v DECIMAL(10, 2)', 'MODIFY v DECIMAL(10, 3)'],
])(
  'a column that becomes %s between two pages is SCHEMA_CHANGED, never a difference',
  async (name, columns, alter) => {
    const { base, target } = await readers(`made_${name}`, columns);
    await base.readPage(EVERYTHING, PAGE, noSignal);
    await servers.run('base', `ALTER TABLE made_${name} ${alter}`);
    await expect(base.readPage(EVERYTHING, PAGE, noSignal)).rejects.toMatchObject({
      code: 'SCHEMA_CHANGED',
      class: 'permanent',
    });
    await Promise.all([base.close(), target.close()]);
  },
);

it('pages of any range and size have the same definitions while nothing is changed', async () => {
  const { base, target } = await readers('unchanged', "v VARCHAR(10) DEFAULT 'x', w DOUBLE, x JSON");
  for (const range of [EVERYTHING, { after: ['1'], upTo: ['2'] }, { after: ['9'], upTo: null }]) {
    for (const rows of [1, 7, 1000]) await base.readPage(range, { rows, bytes: 10 }, noSignal);
  }
  await servers.run('base', 'ALTER TABLE unchanged ADD COLUMN later INT', 'ANALYZE TABLE unchanged');
  expect((await base.readPage(EVERYTHING, PAGE, noSignal)).rows).toBe(3);
  await Promise.all([base.close(), target.close()]);
});
