import { expect, it } from 'vitest';
import type { CatalogColumn, CatalogIndex, CatalogTable } from '../ports/catalog.ts';
import { NO_WISHES, planTable } from './planTable.ts';

function column(name: string, type: string, more: Partial<CatalogColumn> = {}): CatalogColumn {
  const dataType = type.replace(/[( ].*/, '');
  const isUnsigned = type.includes('unsigned');
  const collation = /char|text|enum/.test(type) ? 'utf8mb4_bin' : null;
  return { name, type, dataType, isUnsigned, isNullable: false, collation, charset: null, ...more };
}

function index(name: string, columns: string[], more: Partial<CatalogIndex> = {}): CatalogIndex {
  return { name, isPrimary: name === 'PRIMARY', columns, problem: undefined, isOrdered: true, ...more };
}

function table(columns: CatalogColumn[], uniqueIndexes = [index('PRIMARY', ['id'])]): CatalogTable {
  return {
    schema: 'shop',
    table: 'orders',
    columns,
    uniqueIndexes,
    estimatedRows: 1,
    hasHiddenColumns: false,
  };
}

const id = column('id', 'bigint unsigned');
const note = column('note', 'varchar(10)', { isNullable: true });

function refusalOf(base: CatalogTable, target = base, key?: string[]) {
  const planning = planTable({ base, target }, { ...NO_WISHES, key });
  return planning.kind === 'refused' ? planning.refusal.code : planning.kind;
}

it('key columns come first, whatever the order of the columns', () => {
  const planning = planTable({ base: table([note, id]), target: table([id, note]) }, NO_WISHES);
  expect(planning).toMatchObject({
    kind: 'planned',
    plan: {
      columns: [{ names: { base: 'id' } }, { names: { base: 'note' } }],
      key: [{ column: 0, kind: 'integer' }],
    },
  });
});

it('a column that one side lacks is named', () => {
  const planning = planTable({ base: table([id, note]), target: table([id]) }, NO_WISHES);
  expect(planning).toMatchObject({ kind: 'refused', refusal: { code: 'COLUMN_MISSING' } });
  expect(JSON.stringify(planning)).toContain('note');
  expect(refusalOf(table([id]), table([id, note]))).toBe('COLUMN_MISSING');
});

it('a table without any unique key is refused', () => {
  expect(refusalOf(table([id], []))).toBe('TABLE_WITHOUT_KEY');
});

it('a unique key of NOT NULL columns serves when there is no primary key', () => {
  const unique = [index('u_note', ['note']), index('u_id', ['id'])];
  expect(
    planTable({ base: table([id, note], unique), target: table([id, note], unique) }, NO_WISHES),
  ).toMatchObject({
    plan: { indexes: { base: 'u_id', target: 'u_id' } },
  });
});

it.each([
  ['a nullable column', [id, note], [index('u', ['note'])]],
  ['an expression', [id], [index('PRIMARY', ['id'], { problem: 'has an expression' })]],
  [
    'a hash of long texts',
    [column('id', 'varchar(2000)', { charset: 'utf8mb4' })],
    [index('u', ['id'], { isOrdered: false })],
  ],
])('a key with %s is refused', (_name, columns, indexes) => {
  expect(refusalOf(table(columns, indexes))).toBe('KEY_NOT_USABLE');
});

it('a text key that sorts differently on the two sides is refused', () => {
  const base = table([column('id', 'varchar(9)')]);
  const target = table([column('id', 'varchar(9)', { collation: 'utf8mb4_general_ci' })]);
  expect(refusalOf(base, target)).toBe('KEY_NOT_USABLE');
});

it('a chosen key must be a unique key of both sides', () => {
  const unique = [index('PRIMARY', ['id']), index('u', ['code'])];
  const both = table([id, column('code', 'int')], unique);
  expect(planTable({ base: both, target: both }, { ...NO_WISHES, key: ['code'] })).toMatchObject({
    plan: { indexes: { base: 'u' } },
  });
  expect(refusalOf(both, both, ['note'])).toBe('KEY_NOT_USABLE');
});

it('a type that nobody has looked at yet is refused, not guessed', () => {
  expect(refusalOf(table([id, column('x', 'hologram')]))).toBe('COLUMN_TYPE_UNSUPPORTED');
});

const { columns: all } = NO_WISHES;
const price = column('price', 'int');

it.each([
  ['a column to compare', { ...all, only: ['nte'] }, 'columns names nte'],
  ['a column to leave out', { ...all, except: ['nte'] }, 'excludeColumns names nte'],
  ['a column that goes by another name', { ...all, renamed: { nte: 'note' } }, 'renamedColumns names nte'],
  ['the name it goes by', { ...all, only: ['id'], renamed: { note: 'nte' } }, 'renamedColumns names nte'],
])('%s that is not there is refused with the closest', (_, columns, named) => {
  const both = table([id, price, note]);
  const planning = planTable({ base: both, target: both }, { ...NO_WISHES, columns });
  expect(planning).toMatchObject({ kind: 'refused', refusal: { code: 'COLUMN_MISSING' } });
  const { message } = (planning as { refusal: { message: string } }).refusal;
  expect(message).toMatch(new RegExp(`^Table orders: ${named}, .*the closest: note, `));
});

it('a column is left out in any case of its name, and where only the target has it', () => {
  const sides = { base: table([id, note]), target: table([id, price]) };
  const planned = (columns: typeof all) => planTable(sides, { ...NO_WISHES, columns }).kind;
  expect(planned({ ...all, except: ['NOTE', 'Price'] })).toBe('planned');
  expect(planned({ ...all, exceptWherever: ['NOTE', 'Price', 'elsewhere'] })).toBe('planned');
});

it('a column is left out by the name of the source, not by that of the destination', () => {
  const sides = { base: table([id, note]), target: table([id, column('remark', 'varchar(10)')]) };
  const columns = { ...all, renamed: { note: 'remark' } };
  const planned = (except: string) =>
    planTable(sides, { ...NO_WISHES, columns: { ...columns, except: [except] } }).kind;
  expect(planned('note')).toBe('planned');
  expect(planned('remark')).toBe('refused');
});
