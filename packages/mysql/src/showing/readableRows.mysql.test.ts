/** Single rows of every column type are read for a person, and why they differ is told from them. */
import { decodeEvent, encodeEvent, type InconsistentEvent, type TablePlan } from '@rowparity/contracts';
import { explainRow, keyOfEvent, mapSides, type Sides } from '@rowparity/core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { COLUMN_CASES } from '../testing/corruption/columnCases.ts';
import { isKnownTo } from '../testing/corruption/isKnownTo.ts';
import { plantCase } from '../testing/corruption/plantCase.ts';
import { findDifferences } from '../testing/findDifferences.ts';
import { noSignal, type TestServers, testServers } from '../testing/tablePair.ts';
import { ReadableRows, type ShownRow } from './readableRows.ts';

let servers: TestServers;

beforeAll(async () => {
  servers = await testServers();
});
afterAll(() => servers.close());

type Rows = Sides<ShownRow | undefined>;

async function reading<T>(
  plan: TablePlan,
  use: (read: (key: readonly string[]) => Promise<Rows>) => Promise<T>,
) {
  const readers = mapSides(servers.pools, (pool, side) => new ReadableRows(pool, plan, side));
  const end = await use(async (key) => ({
    base: await readers.base.read(key, noSignal),
    target: await readers.target.read(key, noSignal),
  }));
  await Promise.all([readers.base.close(), readers.target.close()]);
  return end;
}

/** Which cause a corruption has in a column of any type. */
const CAUSES: Readonly<Record<string, string>> = {
  'swapped between two columns': 'swapped',
  "NULL to ''": 'nullForEmpty',
  "'' to NULL": 'nullForEmpty',
  'NULL to empty': 'nullForEmpty',
  'normal form': 'unicodeForm',
  'time zone shift': 'shifted',
  'lost fraction': 'fractionLost',
  'lost time': 'timeOfDayLost',
};

it.each(COLUMN_CASES.map((one) => [one.type, one] as const))(
  'of %s what differs is told by its column, in values that can be read',
  async (type, columnCase) => {
    if (!(await isKnownTo(servers, columnCase))) return;
    const table = `shown_${type.replaceAll(/\W+/g, '_').slice(0, 40)}_${COLUMN_CASES.indexOf(columnCase)}`;
    const { statements, expected } = plantCase(table, columnCase);
    await servers.run('base', ...statements.base);
    await servers.run('target', ...statements.target);
    const plan = await servers.plan(table);
    await reading(plan, async (read) => {
      for (const { corruption, event } of expected) {
        const [kind, id = '', columns = ''] = event.split(' ');
        if (kind !== 'neq') continue;
        const { base, target } = await read([id]);
        if (!base || !target) throw new Error(`no row ${id}`);
        const told = explainRow(plan, { base, target });
        expect(told.map(({ column }) => plan.columns[column]?.names.base).join(',')).toBe(columns);
        for (const { column, cause } of told) {
          const texts = [base, target].map(({ typed }) => typed[column]?.text ?? null);
          expect(texts[0]).not.toBe(texts[1]);
          // NULL that came from another column is told as NULL.
          const isNull = corruption.startsWith('swapped') && texts.includes(null);
          if (CAUSES[corruption] && !isNull)
            expect([corruption, cause.code]).toEqual([corruption, CAUSES[corruption]]);
        }
      }
    });
  },
);

it('text of any character set is shown as text, bytes that are none of it as hex', async () => {
  await servers.runBoth(
    `CREATE TABLE shown_sets (id INT PRIMARY KEY, w VARCHAR(20) CHARACTER SET latin1, s VARCHAR(20) CHARACTER SET cp932,
     u VARCHAR(20) CHARACTER SET utf16, c VARCHAR(20) CHARACTER SET cp1251, b VARBINARY(9))`,
    "INSERT INTO shown_sets VALUES (1, 'café €', '日本', 'x😀', 'привет', X'00FF')",
  );
  const plan = await servers.plan('shown_sets');
  const { base } = await reading(plan, (read) => read(['1']));
  expect(base?.typed.map((value) => value?.text)).toEqual(['1', 'café €', '日本', 'x😀', 'привет', '00ff']);
});

it.each([
  ['integers', 'a INT, b BIGINT UNSIGNED', '(7, 18446744073709551615)'],
  ['bytes and text', 'a BINARY(4), b VARCHAR(9)', "(X'00ff1020', 'x,=y')"],
  ['an ENUM and a SET', "a ENUM('7','b'), b SET('x','y','z')", "('b', 'x,z')"],
  ['times', 'a DATETIME(6), b TIME', "('2026-11-27 10:00:00.5', '-10:00:00')"],
  ['numbers', 'a DECIMAL(9,2), b DOUBLE', '(1.50, 0.1)'],
])('the key of an event leads to its row: %s', async (what, columns, values) => {
  const table = `keyed_${what.replaceAll(' ', '_')}`;
  await servers.runBoth(`CREATE TABLE ${table} (${columns}, PRIMARY KEY (a, b))`);
  await servers.run('base', `INSERT INTO ${table} VALUES ${values}`);
  const plan = await servers.plan(table);
  const { events } = await findDifferences(servers, plan);
  const sent = decodeEvent(encodeEvent(events[0] as InconsistentEvent, 'full'));
  const key = keyOfEvent(plan, sent);
  const { base, target } = await reading(plan, (read) => read(key ?? []));
  expect(base?.key).toEqual(key);
  expect(target).toBeUndefined();
});
