/**
 * One statement that repairs one row of the target, and one that takes it back. Each is guarded by the values that it
 * replaces, so it does nothing to a row that has changed since, and nothing when it is run twice. Nothing is executed.
 */
import type { KeyTuple, TablePlan } from '@rowparity/contracts';
import type { KeyedRow, ValueForm } from '../showing/keyedValues.ts';
import { keyColumns, keyLiteral } from '../sql/keyColumn.ts';
import { quoted } from '../sql/quoted.ts';
import { keysCondition } from '../sql/rangeSql.ts';
import { isExactly, isWritten, literalOf } from './literals.ts';
import type { TableFacts } from './tableFacts.ts';

export interface RepairTable {
  /** How base and target are compared. */
  readonly plan: TablePlan;
  /** All columns of the target, as they are stored, behind those of the key. */
  readonly whole: TablePlan;
  readonly facts: TableFacts;
}

export interface StatementPair {
  readonly repair: string;
  readonly undo: string;
}

interface NamedValue {
  readonly name: string;
  readonly value: Buffer | null;
  readonly form: ValueForm;
}

/** The row that only the base has. */
export function insertOf(table: RepairTable, base: KeyedRow): StatementPair {
  const values = ofBase(table, base);
  return {
    repair: insertStatement(table, base.key, values),
    undo: deleteStatement(table, base.key, values.map(conditionOf(table))),
  };
}

/** The row that only the target has, of which all columns are read. */
export function deleteOf(table: RepairTable, target: KeyedRow): StatementPair {
  const values = ofWhole(table, target);
  const guards = [...values.map(isStored), ...referringGuards(table, values)];
  return {
    repair: deleteStatement(table, target.key, guards),
    undo: insertStatement(table, target.key, values),
  };
}

/** Undefined where only columns differ that the server makes itself. */
export function updateOf(
  table: RepairTable,
  rows: { readonly base: KeyedRow; readonly target: KeyedRow },
  columns: readonly number[],
): StatementPair | undefined {
  const all = ofBase(table, rows.base);
  const wanted = new Set(columns.map((i) => table.plan.columns[i]?.names.target));
  const changes = all.filter(({ name }) => wanted.has(name));
  if (changes.length === 0) return undefined;
  const stored = new Map(ofWhole(table, rows.target).map((value) => [value.name, value]));
  const old = changes.flatMap(({ name }) => stored.get(name) ?? []);
  return {
    repair: updateStatement(table, rows.target.key, { to: changes, guards: old.map(isStored) }),
    undo: updateStatement(table, rows.target.key, { to: old, guards: changes.map(conditionOf(table)) }),
  };
}

/** What is written: the compared columns, without those that the server makes. */
function ofBase({ plan, facts }: RepairTable, { values, forms }: KeyedRow): NamedValue[] {
  return plan.columns.flatMap(({ names }, i) =>
    facts.generated.has(names.target)
      ? []
      : [{ name: names.target, value: values[i] ?? null, form: forms[i] as ValueForm }],
  );
}

function ofWhole({ whole, facts }: RepairTable, { values, forms }: KeyedRow): NamedValue[] {
  return whole.columns.slice(whole.key.length).flatMap(({ names }, i) => {
    const place = whole.key.length + i;
    return facts.generated.has(names.target)
      ? []
      : [{ name: names.target, value: values[place] ?? null, form: forms[place] as ValueForm }];
  });
}

function isStored({ name, value, form }: NamedValue): string {
  return isExactly(quoted(name), value, form);
}

/** That the target has a value that was written from the base. */
function conditionOf({ plan }: RepairTable): (value: NamedValue) => string {
  return ({ name, value, form }) => {
    const column = plan.columns.find(({ names }) => names.target === name);
    const isAlike = form.readAs === 'plain' && column?.types.base === column?.types.target;
    if (isAlike || value === null) return isExactly(quoted(name), value, form);
    return isWritten(quoted(name), value, { form, type: column?.types.target ?? form.type });
  };
}

function insertStatement(table: RepairTable, key: KeyTuple, values: readonly NamedValue[]): string {
  const place = tableName(table);
  const names = values.map(({ name }) => quoted(name)).join(', ');
  const literals = values.map(toLiteral).join(', ');
  return `INSERT INTO ${place} (${names}) SELECT ${literals} FROM DUAL WHERE NOT EXISTS (SELECT 1 FROM ${place} WHERE ${keyCondition(table, key)});`;
}

function deleteStatement(table: RepairTable, key: KeyTuple, guards: readonly string[]): string {
  return `DELETE FROM ${tableName(table)} WHERE ${[keyCondition(table, key), ...guards].join(' AND ')} LIMIT 1;`;
}

function updateStatement(
  table: RepairTable,
  key: KeyTuple,
  { to, guards }: { readonly to: readonly NamedValue[]; readonly guards: readonly string[] },
): string {
  const names = new Set(to.map(({ name }) => name));
  const kept = [...table.facts.stamped].filter((name) => !names.has(name));
  const sets = [
    ...to.map((value) => `${quoted(value.name)} = ${toLiteral(value)}`),
    // Without this the server would stamp the row with the time of the repair.
    ...kept.map((name) => `${quoted(name)} = ${quoted(name)}`),
  ];
  const where = [keyCondition(table, key), ...guards].join(' AND ');
  return `UPDATE ${tableName(table)} SET ${sets.join(', ')} WHERE ${where} LIMIT 1;`;
}

function toLiteral({ value, form }: NamedValue): string {
  return value === null ? 'NULL' : literalOf(value, form);
}

/** No row of another table leads to this one: a foreign key would delete or change it, unguarded. */
function referringGuards({ facts }: RepairTable, values: readonly NamedValue[]): string[] {
  const byName = new Map(values.map((value) => [value.name, value]));
  return facts.referring.flatMap(({ schema, child, columns }) => {
    const parts = columns.flatMap(([childColumn, parentColumn]) => {
      const parent = byName.get(parentColumn);
      return parent && parent.value !== null ? [`${quoted(childColumn)} = ${toLiteral(parent)}`] : [];
    });
    if (parts.length < columns.length) return [];
    // In a derived table, as the child may be the same table.
    return [
      `NOT EXISTS (SELECT 1 FROM (SELECT 1 AS one FROM ${quoted(schema)}.${quoted(child)} WHERE ${parts.join(' AND ')} LIMIT 1) AS referring)`,
    ];
  });
}

function keyCondition({ plan }: RepairTable, key: KeyTuple): string {
  const condition = keysCondition(keyColumns(plan, 'target'), [key]);
  return condition.sql((parameter) => keyLiteral(parameter, quotedText));
}

function quotedText(text: string): string {
  return /^[ !#-&(-[\]-~]*$/.test(text)
    ? `'${text}'`
    : `_utf8mb4 X'${Buffer.from(text).toString('hex').toUpperCase()}'`;
}

function tableName({ plan }: RepairTable): string {
  const { schema, table } = plan.tables.target;
  return `${quoted(schema)}.${quoted(table)}`;
}
