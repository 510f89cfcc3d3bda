// Rows that do not stand still while they are compared: what is told of them, and what is not claimed.
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linesIn } from '../testing/testCli.ts';
import { type TestShop, testShop } from '../testing/testShop.ts';

const HOT = ['check', '--tables', 'hot', '--recheck-delays', '150,150', '--report', 'report.json'];

let shop: TestShop;
beforeAll(async () => {
  shop = await testShop();
  for (const [place, still] of [
    ['source', 'right'],
    ['destination', 'wrong'],
  ] as const) {
    const { server, name } = shop.databases[place];
    const connection = await connect(server, name);
    await connection.query('CREATE TABLE hot (id INT PRIMARY KEY, n INT, note VARCHAR(9))');
    await connection.query(`INSERT INTO hot VALUES (1, 0, ''), (2, 0, ''), (3, 0, '${still}'), (4, 0, '')`);
    await connection.end();
  }
});
afterAll(() => shop?.[Symbol.asyncDispose]());

/** Two rows of the destination change all the time, each time to what they never were before. */
async function whileMoving<T>(work: () => Promise<T>): Promise<T> {
  const { server, name } = shop.databases.destination;
  const connection = await connect(server, name);
  let isOver = false;
  const moving = (async () => {
    while (!isOver) await connection.query('UPDATE hot SET n = n + 1 WHERE id < 3');
  })();
  try {
    return await work();
  } finally {
    isOver = true;
    await moving;
    await connection.end();
  }
}

test('a run with unstable rows is not complete, and report and terminal name them beside the confirmed one', async () => {
  await using cli = await shop.cli();
  const end = await whileMoving(() => cli.run(HOT));
  expect(end).toMatchObject({ code: 1 });
  const report = await cli.report('report.json');
  expect(report).toMatchObject({
    verdict: 'inconsistent',
    complete: false,
    counts: { neq: 1, unstable: 2, candidates: 3, converged: 0 },
    shards: { differs: 1 },
    unstable: [
      { table: 'hot', shard: 0, key: { id: '1' }, type: 'neq' },
      { table: 'hot', shard: 0, key: { id: '2' }, type: 'neq' },
    ],
  });
  expect(end.stderr).toContain('of 3 candidates 0 converged and 2 unstable');
  for (const id of [1, 2]) expect(end.stderr).toContain(`~ unstable hot {"id":"${id}"}`);
  expect(
    linesIn(end.stdout)
      .map((line) => JSON.parse(line).Stability)
      .sort(),
  ).toEqual([...['confirmed', 'unstable', 'unstable']]);
});

test('minimal events are of the confirmed row alone', async () => {
  await using cli = await shop.cli();
  const end = await whileMoving(() => cli.run([...HOT, '--format', 'minimal']));
  expect(linesIn(end.stdout)).toEqual(['{"ID":3,"Direction":"SRC","Type":"neq"}']);
  expect((await cli.report('report.json')).counts.unstable).toBe(2);
});

test('a delay that is shorter than an earlier one is warned of, also with --quiet', async () => {
  await using cli = await shop.cli();
  const orders = ['check', '--tables', 'orders', '--quiet', '--recheck-delays'];
  const end = await cli.run([...orders, '200,100']);
  expect(end).toMatchObject({ code: 0 });
  expect(end.stderr).toContain('The recheck delay 100 ms is shorter than an earlier one (200 ms)');
  expect(await cli.run([...orders, '100,200'])).toMatchObject({ code: 0, stderr: '' });
});
