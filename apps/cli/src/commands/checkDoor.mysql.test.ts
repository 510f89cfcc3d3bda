import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '@rowparity/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TestCli } from '../testing/testCli.ts';
import { type TestShop, testShop } from '../testing/testShop.ts';

/** A line break, a screen that is cleared, and a change of the reading direction. */
const ODD = 'odd\n\x1b[2J\u202eeman';
const ODD_SHOWN = 'odd\\n\\x1b[2J\\u{202e}eman';
/** What a terminal would obey; a line break is ours alone where a line ends. */
const OBEYED = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;

let shop: TestShop;
let cli: TestCli;

beforeAll(async () => {
  shop = await testShop();
  cli = await shop.cli();
  for (const [place, { name, server }] of Object.entries(shop.databases)) {
    const connection = await connect(server, name);
    const quoted = `\`${ODD}\``;
    await connection.query(`CREATE TABLE ${quoted} (id INT PRIMARY KEY, ${quoted} INT)`);
    await connection.query(`INSERT INTO ${quoted} VALUES (1, ${place === 'source' ? 1 : 2})`);
    await connection.query(
      `CREATE TABLE ${place === 'source' ? 'only_here' : 'only_there'} (id INT PRIMARY KEY)`,
    );
    await connection.end();
  }
});

afterAll(async () => {
  await cli?.[Symbol.asyncDispose]();
  await shop?.[Symbol.asyncDispose]();
});

test.each([
  [
    'orders,custmers',
    /TABLE_NOT_FOUND: Table custmers is on neither side\. The closest names on the source: customers/,
  ],
  ['orders,only_here', /TABLE_ONLY_ON_SOURCE.*The closest names there: only_there.*--map/],
  ['orders,nothing_of_*', /TABLE_NOT_FOUND: No table on either side matches the pattern/],
])('--tables %s: what is not there ends the command before anything is compared', async (tables, said) => {
  await using own = await shop.cli();
  const end = await own.run(['check', '--tables', tables]);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toMatch(said);
  expect(end.stderr).toContain('--keep-going');
  expect(existsSync(join(own.folder, '.rowparity'))).toBe(false);
});

test('--keep-going compares the other tables, and the run is not consistent', async () => {
  await using own = await shop.cli();
  const flags = ['--tables', 'orders,custmers', '--keep-going', '--report', 'report.json'];
  const end = await own.run(['check', ...flags]);
  expect(end.code).toBe(3);
  const report = await own.report('report.json');
  expect(report.tables).toMatchObject([
    { name: 'orders', outcome: 'match' },
    { name: 'custmers', refusal: { code: 'TABLE_NOT_FOUND' } },
  ]);
});

test('the command speaks of its flags, its report of the fields of the spec', async () => {
  const flags = ['--tables', 'orders', '--exclude-columns', 'orders.nothing', '--report', 'words.json'];
  const end = await cli.run(['check', ...flags]);
  expect(end.code).toBe(2);
  expect(end.stderr).toContain('--exclude-columns names nothing');
  expect(end.stderr).not.toContain('excludeColumns');
  expect(JSON.stringify((await cli.report('words.json')).failures)).toContain('excludeColumns names nothing');
});

test.each([
  [['--events', 'events.ndjson'], 1],
  [['--explain'], 0],
  [['--key', 'nothing', '--events', 'events.ndjson'], 2],
])('no character of a name moves the cursor or breaks a line: %j', async (flags, code) => {
  await using own = await shop.cli();
  const end = await own.run(['check', '--tables', ODD, '--recheck-delays', '1', ...flags]);
  expect(end.code, end.stderr).toBe(code);
  const shown = `${end.stdout}${end.stderr}`;
  expect(shown).not.toMatch(OBEYED);
  expect(shown).toContain(ODD_SHOWN);
});

test('a missing table whose name would move the cursor does not', async () => {
  const end = await cli.run(['check', '--tables', '\x1b[2Jx']);
  expect(end.code).toBe(2);
  expect(end.stderr).not.toMatch(OBEYED);
  expect(end.stderr).toContain('\\x1b[2Jx');
});

test('a variable that no process reads ends the command, with the closest', async () => {
  await using own = await shop.cli({ ROWPARITY_HTTP_TOKN: 'secret-word' });
  const end = await own.run(['check', '--tables', 'orders']);
  expect(end).toMatchObject({ code: 2, stdout: '' });
  expect(end.stderr).toContain('ROWPARITY_HTTP_TOKEN');
  expect(end.stderr).not.toContain('secret-word');
});

test('a flag that is not there is told with the closest', async () => {
  const end = await cli.run(['check', '--tabels', 'orders']);
  expect(end.code).toBe(2);
  expect(end.stderr).toContain('--tables');
});
