import { type CatalogColumn, type CatalogTable, DEFAULT_TABLE_OPTIONS, planTable } from '@rowparity/core';
import { describe, expect, it } from 'vitest';
import { type DeclaredColumn, describeColumn } from './describeColumn.ts';

function described(type: string, change: Partial<DeclaredColumn> = {}) {
  const dataType = type.replace(/[( ].*/, '');
  const declared = { name: 'c', type, dataType, isNullable: false, collation: null, charset: null };
  return describeColumn({ ...declared, isMariaDb: false, ...change });
}

it.each([
  ['bigint unsigned', 'bigint unsigned', 'integer'],
  ['int(11)', 'int', 'integer'],
  ['int(5) unsigned zerofill', 'int unsigned', 'integer'],
  ['decimal(9,2)', 'decimal with scale 2', 'decimal'],
  ['bit(7)', 'bit(7)', 'integer'],
  ['year', 'year', 'integer'],
  ['float', 'float', 'double'],
  ['timestamp(3)', 'datetime', 'temporal'],
  ['datetime', 'datetime', 'temporal'],
  ['time', 'time', 'time'],
  ['varbinary(9)', 'binary', 'binary'],
  ['varchar(9)', 'text', 'text'],
  ["enum('a')", 'text', 'integer'],
  ['uuid', 'text', 'text'],
  ['json', 'json', null],
  ['point', 'geometry', null],
  ['hologram', null, null],
])('%s is of wire class %s and of key kind %s', (type, wireClass, keyKind) => {
  expect(described(type)).toMatchObject({ type, wireClass, keyKind });
});

it.each([
  ['decimal(9,2)', { whole: 7, scale: 2 }],
  ['tinyint', { whole: 20, scale: 0 }],
  ['bit(7)', { whole: 20, scale: 0 }],
  ['double', null],
  ['varchar(9)', null],
])('%s has digits %j', (type, digits) => {
  expect(described(type)).toMatchObject({ digits });
});

it('only a decimal shows its zeros in front', () => {
  expect(described('decimal(9,2) unsigned zerofill').isPadded).toBe(true);
  expect(described('int unsigned zerofill').isPadded).toBe(false);
});

describe('character sets', () => {
  it.each([
    ['varchar(9)', 'utf8', 'utf8mb3', true],
    ['varchar(9)', 'ascii', 'ascii', true],
    ['varchar(9)', 'latin1', 'latin1', false],
    ['uuid', null, 'utf8mb4', true],
    ['json', null, 'utf8mb4', true],
    ['varbinary(9)', null, null, false],
  ])('%s in %s is text in %s; UTF-8: %s', (type, charset, text, isUtf8) => {
    expect(described(type, { charset })).toMatchObject({ charset: text, isUtf8 });
  });
});

describe('orders', () => {
  it('a collation that MariaDB and MySQL order differently is another order on each', () => {
    const sortedAs = (collation: string) =>
      [true, false].map((isMariaDb) => described('varchar(9)', { collation, isMariaDb }).sortedAs);
    expect(new Set(sortedAs('utf8mb4_general_ci')).size).toBe(1);
    expect(new Set(sortedAs('utf8mb4_croatian_ci')).size).toBe(2);
  });

  it.each([
    ["set('a')", { isNumbered: true, hasOwnOrder: true, isSet: true }],
    ["enum('a')", { isNumbered: true, hasOwnOrder: true, isSet: false }],
    ['bit(1)', { isNumbered: true, hasOwnOrder: false, isSet: false }],
    ['inet6', { isNumbered: false, hasOwnOrder: true, isSet: false }],
    ['int', { isNumbered: false, hasOwnOrder: false, isSet: false }],
  ])('%s: %j', (type, order) => {
    expect(described(type)).toMatchObject(order);
  });

  it.each([
    ['varchar(1024)', 'utf8mb4', true],
    ['varchar(2000)', 'utf8mb4', false],
    ['varbinary(4096)', null, true],
    ['varbinary(4097)', null, false],
    ['text', 'utf8mb4', false],
    ['blob', null, false],
    ['bigint', null, true],
  ])('rows can be sorted by %s in %s: %s', (type, charset, isSortable) => {
    expect(described(type, { charset })).toMatchObject({ isSortable });
  });
});

describe('plans of tables with these types', () => {
  function planned(base: CatalogColumn, target = base, isOrdered = true) {
    const tables = [base, target].map((column): CatalogTable => {
      const key = { name: 'PRIMARY', isPrimary: true, columns: ['c'], problem: undefined, isOrdered };
      const size = { estimatedRows: 1, hasHiddenColumns: false };
      return { schema: 's', table: 't', columns: [column], uniqueIndexes: [key], plainIndexes: [], ...size };
    });
    return planTable(
      { base: tables[0] as CatalogTable, target: tables[1] as CatalogTable },
      DEFAULT_TABLE_OPTIONS,
    );
  }

  function kindOfPlan(...args: Parameters<typeof planned>): string {
    const planning = planned(...args);
    if (planning.kind === 'refused') return planning.refusal.code;
    return planning.plan.multiset ? 'multiset' : 'ordered';
  }

  it('a type that is in no table is refused, not guessed', () => {
    expect(kindOfPlan(described('hologram'))).toBe('COLUMN_TYPE_UNSUPPORTED');
  });

  it('a hash of long texts gives no order to read rows in', () => {
    const ofLength = (length: number) => described(`varchar(${length})`, { charset: 'utf8mb4' });
    expect(kindOfPlan(ofLength(2000), ofLength(2000), false)).toBe('multiset');
    expect(kindOfPlan(ofLength(20), ofLength(20), false)).toBe('ordered');
  });

  it.each([
    ['utf8mb4_general_ci', 'utf8mb4_general_ci', 'ordered'],
    ['utf8mb4_general_ci', 'utf8mb4_0900_ai_ci', 'multiset'],
    ['latin1_swedish_ci', 'utf8mb4_0900_ai_ci', 'multiset'],
    ['utf8mb4_bin', 'utf8mb4_0900_ai_ci', 'multiset'],
    ['gbk_chinese_ci', 'utf8mb4_0900_ai_ci', 'multiset'],
  ])('a text key of %s and %s is compared as %s', (a, b, how) => {
    const key = (collation: string) =>
      described('varchar(9)', { collation, charset: collation.split('_')[0] ?? null });
    expect(kindOfPlan(key(a), key(b))).toBe(how);
  });

  it('a collation that two kinds of server order differently gives no order', () => {
    const key = (collation: string, isMariaDb: boolean) =>
      described('varchar(9)', { collation, charset: 'utf8mb4', isMariaDb });
    const kindOf = (collation: string) => kindOfPlan(key(collation, true), key(collation, false));
    expect(kindOf('utf8mb4_croatian_ci')).toBe('multiset');
    expect(kindOf('utf8mb4_general_ci')).toBe('ordered');
    expect(kindOfPlan(key('utf8mb4_croatian_ci', true))).toBe('ordered');
  });
});
