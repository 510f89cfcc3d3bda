import { expect, it } from 'vitest';
import type { CatalogColumn, CatalogIndex, CatalogTable } from '../../ports/catalog.ts';
import { DEFAULT_TABLE_OPTIONS, planTable } from './planTable.ts';

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
    isMariaDb: false,
  };
}

const id = column('id', 'bigint unsigned');
const note = column('note', 'varchar(10)', { isNullable: true });

function refusalOf(base: CatalogTable, target = base, key?: string[]) {
  const planning = planTable({ base, target }, { ...DEFAULT_TABLE_OPTIONS, key });
  return planning.kind === 'refused' ? planning.refusal.code : planning.kind;
}

it('key columns come first, for any order of the columns', () => {
  const planning = planTable({ base: table([note, id]), target: table([id, note]) }, DEFAULT_TABLE_OPTIONS);
  expect(planning).toMatchObject({
    kind: 'planned',
    plan: {
      columns: [{ names: { base: 'id' } }, { names: { base: 'note' } }],
      key: [{ column: 0, kind: 'integer' }],
    },
  });
});

it('a column that one side lacks is named', () => {
  const planning = planTable({ base: table([id, note]), target: table([id]) }, DEFAULT_TABLE_OPTIONS);
  expect(planning).toMatchObject({ kind: 'refused', refusal: { code: 'COLUMN_MISSING' } });
  expect(JSON.stringify(planning)).toContain('note');
  expect(refusalOf(table([id]), table([id, note]))).toBe('COLUMN_MISSING');
});

const dear = column('dear', 'float');
const document = column('document', 'json');

it('a table without any unique key is compared by the contents of its rows', () => {
  const planning = planTable(
    { base: table([id, note], []), target: table([id, note], []) },
    DEFAULT_TABLE_OPTIONS,
  );
  expect(planning).toMatchObject({ plan: { key: [], indexes: { base: null }, multiset: { buckets: 16 } } });
});

it('a column whose equal values may be digested in two ways refuses a table without a key', () => {
  const double = { ...dear, type: 'double', dataType: 'double' };
  const refused = (one: CatalogColumn, other: CatalogColumn) =>
    refusalOf(table([id, one], []), table([id, other], []));
  expect(refused(dear, double)).toBe('TABLE_WITHOUT_KEY');
  expect(refused(document, { ...document, collation: 'utf8mb4_bin' })).toBe('TABLE_WITHOUT_KEY');
  expect(refused(document, document)).toBe('planned');
  expect(refused(dear, dear)).toBe('planned');
});

it('a unique key of NOT NULL columns serves when there is no primary key', () => {
  const unique = [index('u_note', ['note']), index('u_id', ['id'])];
  expect(
    planTable({ base: table([id, note], unique), target: table([id, note], unique) }, DEFAULT_TABLE_OPTIONS),
  ).toMatchObject({
    plan: { indexes: { base: 'u_id', target: 'u_id' } },
  });
});

it.each([
  ['a nullable column', [id, note], [index('u', ['note'])], []],
  ['an expression', [id], [index('PRIMARY', ['id'], { problem: 'has an expression' })], []],
  [
    'a hash of long texts',
    [column('id', 'varchar(2000)', { charset: 'utf8mb4' })],
    [index('u', ['id'], { isOrdered: false })],
    [{ column: 0, kind: 'text' }],
  ],
] as const)('by a key with %s no rows are read in order', (_name, columns, indexes, key) => {
  const both = table([...columns], [...indexes]);
  const planning = planTable({ base: both, target: both }, DEFAULT_TABLE_OPTIONS);
  expect(planning).toMatchObject({ plan: { key, multiset: { buckets: 16 } } });
});

it('a key that is asked for by name and tells no rows apart is refused', () => {
  const both = table([id, note], [index('u', ['note'])]);
  expect(refusalOf(both, both, ['note'])).toBe('KEY_NOT_USABLE');
});

it.each([
  ['utf8mb4_general_ci', 'utf8mb4_general_ci', 'ordered'],
  ['utf8mb4_general_ci', 'utf8mb4_0900_ai_ci', 'multiset'],
  ['latin1_swedish_ci', 'utf8mb4_0900_ai_ci', 'multiset'],
  ['utf8mb4_bin', 'utf8mb4_0900_ai_ci', 'multiset'],
  ['gbk_chinese_ci', 'utf8mb4_0900_ai_ci', 'multiset'],
])('a text key of %s and %s is compared as %s', (a, b, how) => {
  const key = (collation: string) =>
    table([column('id', 'varchar(9)', { collation, charset: collation.split('_')[0] as string })]);
  const planning = planTable({ base: key(a), target: key(b) }, DEFAULT_TABLE_OPTIONS);
  if (planning.kind !== 'planned') throw new Error(planning.refusal.message);
  expect(planning.plan.key).toHaveLength(1);
  expect(planning.plan.multiset ? 'multiset' : 'ordered').toBe(how);
});

it('a chosen key must be a unique key of both sides', () => {
  const unique = [index('PRIMARY', ['id']), index('u', ['code'])];
  const both = table([id, column('code', 'int')], unique);
  expect(planTable({ base: both, target: both }, { ...DEFAULT_TABLE_OPTIONS, key: ['code'] })).toMatchObject({
    plan: { indexes: { base: 'u' } },
  });
  expect(refusalOf(both, both, ['note'])).toBe('KEY_NOT_USABLE');
});

it('an unknown type is refused, not guessed', () => {
  expect(refusalOf(table([id, column('x', 'hologram')]))).toBe('COLUMN_TYPE_UNSUPPORTED');
});

const { columns: all } = DEFAULT_TABLE_OPTIONS;
const price = column('price', 'int');

it.each([
  ['a column to compare', { ...all, only: ['nte'] }, 'columns names nte'],
  ['a column to leave out', { ...all, except: ['nte'] }, 'excludeColumns names nte'],
  [
    'a column with another name on the target',
    { ...all, renamed: { nte: 'note' } },
    'renamedColumns names nte',
  ],
  ['its name on the target', { ...all, only: ['id'], renamed: { note: 'nte' } }, 'renamedColumns names nte'],
])('%s that is not there is refused with the closest', (_, columns, named) => {
  const both = table([id, price, note]);
  const planning = planTable({ base: both, target: both }, { ...DEFAULT_TABLE_OPTIONS, columns });
  expect(planning).toMatchObject({ kind: 'refused', refusal: { code: 'COLUMN_MISSING' } });
  const { message } = (planning as { refusal: { message: string } }).refusal;
  expect(message).toMatch(new RegExp(`^Table orders: ${named}, .*the closest: note, `));
});

it('a column is left out in any case of its name, and where only the target has it', () => {
  const sides = { base: table([id, note]), target: table([id, price]) };
  const planned = (columns: typeof all) => planTable(sides, { ...DEFAULT_TABLE_OPTIONS, columns }).kind;
  expect(planned({ ...all, except: ['NOTE', 'Price'] })).toBe('planned');
  expect(planned({ ...all, exceptWherever: ['NOTE', 'Price', 'elsewhere'] })).toBe('planned');
});

it('a column is left out by the name of the source, not by that of the destination', () => {
  const sides = { base: table([id, note]), target: table([id, column('remark', 'varchar(10)')]) };
  const columns = { ...all, renamed: { note: 'remark' } };
  const planned = (except: string) =>
    planTable(sides, { ...DEFAULT_TABLE_OPTIONS, columns: { ...columns, except: [except] } }).kind;
  expect(planned('note')).toBe('planned');
  expect(planned('remark')).toBe('refused');
});

it('a collation that two kinds of server order differently gives no order', () => {
  const key = (collation: string, isMariaDb: boolean) => ({
    ...table([column('id', 'varchar(9)', { collation, charset: 'utf8mb4' })]),
    isMariaDb,
  });
  const isOrdered = (collation: string) => {
    const planning = planTable(
      { base: key(collation, true), target: key(collation, false) },
      DEFAULT_TABLE_OPTIONS,
    );
    return planning.kind === 'planned' && planning.plan.multiset === undefined;
  };
  expect(isOrdered('utf8mb4_croatian_ci')).toBe(false);
  expect(isOrdered('utf8mb4_general_ci')).toBe(true);
});
