// `rowparity diff`: rows of events, or one by its key, side by side as they are now.
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestShop, testShop } from '../testing/testShop.ts';

let shop: TestShop;
const admins: Awaited<ReturnType<typeof connect>>[] = [];
const LONG = `${'x'.repeat(200)}end`;

beforeAll(async () => {
  shop = await testShop();
  for (const { server, name } of Object.values(shop.databases)) {
    const admin = await connect(server, name);
    await admin.query(
      'CREATE TABLE people (id INT PRIMARY KEY, name VARCHAR(300), balance DECIMAL(9,3), born DATETIME, raw VARBINARY(9))',
    );
    await admin.query('CREATE TABLE parts (a INT, b VARCHAR(9), n INT, PRIMARY KEY (a, b))');
    await admin.query(
      "INSERT INTO people VALUES (1, 'Ada', 10.125, '2026-11-27 10:00:00', X'00FF'), (2, ?, 1, NULL, NULL), (3, 'Eve\\n', 3, NULL, NULL)",
      [LONG],
    );
    await admin.query("INSERT INTO parts VALUES (1, 'x,=y', 5)");
    admins.push(admin);
  }
  const [, destination] = admins;
  await destination?.query(
    "UPDATE people SET balance = 10.13, born = '2026-11-27 12:00:00', raw = X'00FE' WHERE id = 1",
  );
  await destination?.query('UPDATE people SET name = ? WHERE id = 2', [LONG.slice(0, 190)]);
  await destination?.query('DELETE FROM people WHERE id = 3');
  await destination?.query('UPDATE parts SET n = 6');
});
afterAll(async () => {
  await Promise.all(admins.map((admin) => admin.end()));
  await shop?.[Symbol.asyncDispose]();
});

const check = ['check', '--tables', 'people,parts', '--recheck-delays', '1,1', '--events', 'events.ndjson'];

test('what differs is shown side by side with its cause, and what was repaired is equal by now', async () => {
  await using cli = await shop.cli();
  expect((await cli.run(check)).code).toBe(1);
  const { code, stdout, stderr } = await cli.run(['diff', 'events.ndjson']);
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  for (const lines of [
    'people  id=1  differs\n',
    '  balance  (rounded to 2 decimals)\n    source       10.125\n    destination  10.130\n',
    "  born  (2 h later)\n    source       '2026-11-27 10:00:00'\n    destination  '2026-11-27 12:00:00'\n",
    '  raw\n    source       0x00ff\n    destination  0x00fe\n',
    '  name  (truncated at 190; first difference at character 191)\n',
    "people  id=3  missing on destination\n  id  3\n  name  'Eve\\n'\n",
    'parts  a=1, b=x,=y  differs\n  n  (off by one)\n    source       5\n    destination  6\n',
  ]) {
    expect(stdout).toContain(lines);
  }
  await admins[1]?.query("INSERT INTO people SELECT 3, 'Eve\\n', 3, NULL, NULL");
  const again = await cli.run(['diff', 'events.ndjson', '--table', 'people']);
  expect(again.stdout).toContain('people  id=3  equal by now');
  expect(again.stdout).not.toContain('parts');
  // Values are in no file that the commands left.
  for (const file of ['events.ndjson'])
    expect(await readFile(join(cli.folder, file), 'utf8')).not.toContain('10.13');
  await admins[1]?.query('DELETE FROM people WHERE id = 3');
});

test('one row by its key, in the other direction, too', async () => {
  await using cli = await shop.cli();
  const one = await cli.run(['diff', '--table', 'people', '--key', '3', '--direction', 'DST']);
  expect(one).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('people  id=3  missing on destination'),
  });
  const same = await cli.run(['diff', '--table', 'people', '--key', 'id=2', '--columns', 'balance']);
  expect(same).toMatchObject({ code: 0, stdout: 'people  id=2  equal by now\n' });
  const none = await cli.run(['diff', '--table', 'people', '--key', '99']);
  expect(none).toMatchObject({ code: 0, stdout: 'people  id=99  on neither side by now\n' });
});

test.each([
  [['diff'], 'expected a file of events'],
  [['diff', '--key', '1'], 'expected --table'],
  [['diff', 'none.ndjson'], 'none.ndjson: the file cannot be read (ENOENT)'],
  [['diff', 'bad.ndjson'], 'bad.ndjson, line 2: expected an event'],
  [['diff', 'minimal.ndjson'], 'give --table'],
  [['diff', '--table', 'nowhere', '--key', '1'], 'nowhere'],
  [['diff', '--table', 'parts', '--key', '1'], 'expected a value for each of a, b'],
  [['diff', '--table', 'people', '--key', 'id'], 'people'],
  [['diff', 'minimal.ndjson', '--limit', '0'], '--limit'],
  [['diff', '--table', 'people', '--key', '1', '--direction', 'UP'], '--direction'],
])('%j is refused: %s', async (args, words) => {
  await using cli = await shop.cli();
  await writeFile(
    join(cli.folder, 'bad.ndjson'),
    '{"ID":1,"Direction":"SRC","Type":"neq","Table":"people"}\n',
  );
  await appendFile(join(cli.folder, 'bad.ndjson'), 'no event\n');
  await writeFile(join(cli.folder, 'minimal.ndjson'), '{"ID":1,"Direction":"SRC","Type":"neq"}\n');
  const end = await cli.run(args);
  expect(end.stderr).toContain(words);
  expect(end.code).toBe(2);
});
