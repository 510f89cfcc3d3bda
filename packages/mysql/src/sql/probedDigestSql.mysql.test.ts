import { type KeyRange, zeroCounts } from '@rowparity/contracts';
import { rowDigestConformance } from '@rowparity/core/conformance/rowDigest';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLUMN_CASES } from '../testing/corruption/columnCases.ts';
import { isKnownTo } from '../testing/corruption/isKnownTo.ts';
import { findDifferences } from '../testing/findDifferences.ts';
import { EVERYTHING, noSignal, type TestServers, testServers } from '../testing/tablePair.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});

afterAll(() => servers.close());

async function digested(table: string, rows: number, range: KeyRange = EVERYTHING) {
  const planned = await servers.plan(table);
  const plan = table === 'old' ? { ...planned, where: { base: 'old.v > 0', target: 'v > 0' } } : planned;
  return { reader: servers.readers(plan).base, range, rows, columns: plan.columns.length };
}

rowDigestConformance('every type', async () => {
  const cases = COLUMN_CASES.filter((one) => isKnownTo(servers, one));
  const columns = cases.map(({ type }, i) => `c${i} ${type}`);
  const rows = [0, 1, 2].map((row) => {
    const values = cases.map(({ values }) => (values[row] ?? values[0])?.right);
    return `INSERT INTO types VALUES (${row}, ${values.join(', ')})`;
  });
  await servers.runBoth(
    "SET SESSION sql_mode = '', time_zone = '+00:00'",
    `CREATE TABLE types (id INT PRIMARY KEY, ${columns.join(', ')})`,
    ...rows,
    'INSERT INTO types (id) VALUES (3)',
  );
  return digested('types', 4);
});

rowDigestConformance('a composite key, with a predicate', async () => {
  await servers.runBoth(
    'CREATE TABLE old (b VARCHAR(5), v INT, a INT, PRIMARY KEY (a, b))',
    "INSERT INTO old VALUES ('x',1,1),('x',1,2),('X ',0,3),('y',2,2),('z',0,2),('y',3,3),('z',4,3)",
  );
  return digested('old', 3, { after: ['1', 'x'], upTo: ['3', 'y'] });
});

rowDigestConformance('names that the statement uses itself', async () => {
  await servers.runBoth(
    'CREATE TABLE slice (chosen INT PRIMARY KEY, n INT, copies INT, slice VARCHAR(9), `digest``s .?` INT)',
    "INSERT INTO slice VALUES (1,0,1,'a',1),(2,1,0,'a',1),(3,0,0,'a',2)",
  );
  return digested('slice', 3);
});

it('rows that change all the time raise no alarm', async () => {
  const values = Array.from({ length: 16 }, (_, i) => `(${i}, 0)`).join(',');
  await servers.runBoth('CREATE TABLE busy (id INT PRIMARY KEY, v INT)', `INSERT INTO busy VALUES ${values}`);
  const { server, name } = servers.databases.base;
  const writer = await connect(server, name);
  let isOver = false;
  const writing = (async () => {
    for (let i = 0; !isOver; i += 1) {
      await writer.query(`UPDATE busy SET v = ${i}`);
      await writer.query(i % 2 ? 'DELETE FROM busy WHERE id = 7' : 'REPLACE INTO busy VALUES (7, 1)');
    }
    await writer.end();
  })();
  const { reader } = await digested('busy', 16);
  const truths = new Set<string>();
  for (let i = 0; i < 300; i += 1) {
    const probed = await reader.probeDigest(EVERYTHING, { rows: 16, row: i % 16, column: 1 }, noSignal);
    if (!probed) continue;
    const { truth, again, ...planted } = probed;
    truths.add(truth.digest);
    expect(again).toEqual(truth);
    expect(Object.values(planted).map(({ digest }) => digest)).not.toContain(truth.digest);
  }
  isOver = true;
  await writing;
  await reader.close();
  expect(truths.size).toBeGreaterThan(10);
});

it('tables that are equal by digest pass the self-test, and nothing else is counted', async () => {
  const values = Array.from({ length: 1000 }, (_, i) => `(${i}, 'v${i}')`).join(',');
  await servers.runBoth(
    'CREATE TABLE equals (id INT PRIMARY KEY, v VARCHAR(9))',
    `INSERT INTO equals VALUES ${values}`,
  );
  const plan = await servers.plan('equals');
  const { counts, end, events } = await findDifferences(servers, plan, {
    strategy: 'checksum',
    pageRows: 40,
  });
  expect(end).toMatchObject({ outcome: 'match' });
  expect(events).toEqual([]);
  expect(counts).toEqual({ ...zeroCounts(), rowsBase: 1000, rowsTarget: 1000, planted: 6, caught: 6 });
});
