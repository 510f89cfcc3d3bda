import { describe, expect, it } from 'vitest';
import type { CatalogColumn, CatalogIndex, CatalogTable } from '../../ports/catalog.ts';
import type { Sides } from '../../sides/sides.ts';
import { columnOfClass, integerColumn, textColumn } from '../../testing/catalogColumns.ts';
import { DEFAULT_TABLE_OPTIONS, planTable } from './planTable.ts';

function index(name: string, columns: string[], more: Partial<CatalogIndex> = {}): CatalogIndex {
  return { name, isPrimary: name === 'PRIMARY', columns, problem: undefined, isOrdered: true, ...more };
}

function table(columns: CatalogColumn[], uniqueIndexes = [index('PRIMARY', ['id'])]): CatalogTable {
  return {
    schema: 'shop',
    table: 'orders',
    columns,
    uniqueIndexes,
    plainIndexes: [],
    estimatedRows: 1,
    hasHiddenColumns: false,
  };
}

const id = integerColumn('id');
const note = textColumn('note', { isNullable: true });

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

const dear = columnOfClass('dear', 'float');
const document = columnOfClass('document', 'json', { charset: 'utf8mb4', isUtf8: true });

it('a table without any unique key is compared by the contents of its rows', () => {
  const planning = planTable(
    { base: table([id, note], []), target: table([id, note], []) },
    DEFAULT_TABLE_OPTIONS,
  );
  expect(planning).toMatchObject({ plan: { key: [], indexes: { base: null }, multiset: { buckets: 16 } } });
});

it('a column whose equal values may be digested in two ways refuses a table without a key', () => {
  const double = columnOfClass('dear', 'double');
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
    [textColumn('id', { isSortable: false })],
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
    table([textColumn('id', { collation, charset: charsetOf(collation), isUtf8: /^utf8/.test(collation) })]);
  const planning = planTable({ base: key(a), target: key(b) }, DEFAULT_TABLE_OPTIONS);
  if (planning.kind !== 'planned') throw new Error(planning.refusal.message);
  expect(planning.plan.key).toHaveLength(1);
  expect(planning.plan.multiset ? 'multiset' : 'ordered').toBe(how);
});

it('a chosen key must be a unique key of both sides', () => {
  const unique = [index('PRIMARY', ['id']), index('u', ['code'])];
  const both = table([id, integerColumn('code')], unique);
  expect(planTable({ base: both, target: both }, { ...DEFAULT_TABLE_OPTIONS, key: ['code'] })).toMatchObject({
    plan: { indexes: { base: 'u' } },
  });
  expect(refusalOf(both, both, ['note'])).toBe('KEY_NOT_USABLE');
});

it('an unknown type is refused, not guessed', () => {
  expect(refusalOf(table([id, columnOfClass('x', null)]))).toBe('COLUMN_TYPE_UNSUPPORTED');
});

const { columns: all } = DEFAULT_TABLE_OPTIONS;
const price = integerColumn('price');

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
  const sides = { base: table([id, note]), target: table([id, textColumn('remark')]) };
  const columns = { ...all, renamed: { note: 'remark' } };
  const planned = (except: string) =>
    planTable(sides, { ...DEFAULT_TABLE_OPTIONS, columns: { ...columns, except: [except] } }).kind;
  expect(planned('note')).toBe('planned');
  expect(planned('remark')).toBe('refused');
});

it('a collation that two kinds of server order differently gives no order', () => {
  const planned = (...sortedAs: readonly [string, string]) => {
    const [base, target] = sortedAs.map((order) => table([textColumn('id', { sortedAs: order })]));
    return planTable({ base, target } as Sides<CatalogTable>, DEFAULT_TABLE_OPTIONS);
  };
  expect(planned('croatian of one', 'croatian of one')).toMatchObject({
    plan: { indexes: { base: 'PRIMARY' } },
  });
  expect(planned('croatian of one', 'croatian of the other')).toMatchObject({
    plan: { indexes: { base: null }, multiset: {} },
  });
});

describe('how a pair of columns is compared', () => {
  const sized = (whole: number, scale: number) =>
    columnOfClass('v', `decimal with scale ${scale}`, {
      type: `${whole}.${scale}`,
      digits: { whole, scale },
    });
  const padded = { ...sized(3, 2), isPadded: true };
  const set = (type: string) => textColumn('v', { type, isSet: true, keyKind: 'integer', hasOwnOrder: true });
  const latin = textColumn('v', { charset: 'latin1', isUtf8: false });
  const json = columnOfClass('v', 'json', { charset: 'utf8mb4', isUtf8: true });

  it.each([
    ['one class as it comes', sized(3, 2), sized(9, 2), 'plain', []],
    ['digits of two classes as the wider decimal', sized(3, 2), sized(1, 4), 'decimal', []],
    ['padded digits as a decimal', padded, padded, 'decimal', []],
    [
      'floats of two widths as doubles',
      columnOfClass('v', 'float'),
      columnOfClass('v', 'double'),
      'double',
      ['negativeZero', 'floatWidth'],
    ],
    [
      'one class of floats with its rule',
      columnOfClass('v', 'float'),
      columnOfClass('v', 'float'),
      'plain',
      ['negativeZero'],
    ],
    ['text of one character set as it is stored', latin, latin, 'plain', []],
    ['text of two character sets as text', latin, textColumn('v'), 'text', []],
    ['sets of two orders as they come, with their rule', set('a,b'), set('b,a'), 'plain', ['setOrder']],
    ['JSON beside text by the rule of JSON', json, textColumn('v'), 'plain', ['json']],
  ] as const)('%s', (_, base, target, kind, rules) => {
    const sides = { base: table([id, base]), target: table([id, target]) };
    const columns = [{ names: { base: 'id' } }, { readAs: { kind }, rules }];
    expect(planTable(sides, DEFAULT_TABLE_OPTIONS)).toMatchObject({ kind: 'planned', plan: { columns } });
  });

  it('the wider decimal loses no digit of either side', () => {
    const sides = { base: table([id, sized(3, 2)]), target: table([id, sized(1, 4)]) };
    expect(planTable(sides, DEFAULT_TABLE_OPTIONS)).toMatchObject({
      plan: { columns: [{}, { readAs: { kind: 'decimal', precision: 7, scale: 4 } }] },
    });
  });

  it.each([
    ['more digits than servers compute with', sized(60, 0), sized(3, 30)],
    ['text and a number', textColumn('v'), integerColumn('v')],
  ])('%s have no common type', (_, base, target) => {
    expect(refusalOf(table([id, base]), table([id, target]))).toBe('COLUMN_TYPES_DIFFER');
  });

  it('a key that both servers number alike is found by its number', () => {
    const numbered = textColumn('id', { isNumbered: true, hasOwnOrder: true, keyKind: 'integer' });
    const both = (type: string) => table([{ ...numbered, type }]);
    expect(planTable({ base: both('a,b'), target: both('a,b') }, DEFAULT_TABLE_OPTIONS)).toMatchObject({
      plan: { key: [{ column: 0, kind: 'integer' }], columns: [{ readAs: { kind: 'number' } }] },
    });
    expect(planTable({ base: both('a,b'), target: both('b,a') }, DEFAULT_TABLE_OPTIONS)).toMatchObject({
      plan: { key: [{ column: 0, kind: 'text' }], multiset: {} },
    });
  });
});

function charsetOf(collation: string): string {
  return collation.slice(0, collation.indexOf('_'));
}
