/** Reads rows of both sides as they are now and gives the statements that repair the target. Reads only. */
import { isUtf8 } from 'node:buffer';
import type { KeyTuple, TablePlan } from '@rowparity/contracts';
import { type CatalogTable, compareColumns, keyText, type Sides } from '@rowparity/core';
import type { SessionPool } from '../connection/sessionPool.ts';
import { type KeyedRow, KeyedValues } from '../showing/keyedValues.ts';
import { deleteOf, insertOf, type RepairTable, type StatementPair, updateOf } from './repairStatements.ts';
import { readTableFacts, type TableFacts } from './tableFacts.ts';

export type RowRepair =
  | ({
      readonly kind: 'statement';
      readonly type: 'target_missing' | 'neq' | 'base_missing';
      /** Of the base, in a row that differs. */
      readonly columns: readonly string[];
    } & StatementPair)
  | { readonly kind: 'equal' }
  /** The row of the target changed while it was read. */
  | { readonly kind: 'moving' }
  /** The base has text whose bytes are none in its character set: no literal of another set stands for it. */
  | { readonly kind: 'unwritable' }
  /** Only columns differ that the server computes: no statement can set them. */
  | { readonly kind: 'generated'; readonly columns: readonly string[] };

export class RepairRows {
  readonly #table: RepairTable;
  readonly #readers: {
    readonly base: KeyedValues;
    readonly target: KeyedValues;
    readonly whole: KeyedValues;
  };

  private constructor(pools: Sides<SessionPool>, table: RepairTable) {
    this.#table = table;
    this.#readers = {
      base: new KeyedValues(pools.base, table.plan, 'base'),
      target: new KeyedValues(pools.target, table.plan, 'target'),
      whole: new KeyedValues(pools.target, table.whole, 'target'),
    };
  }

  /** `target`: the table's description on the side that is written to. */
  static async open(
    pools: Sides<SessionPool>,
    { plan, target }: { readonly plan: TablePlan; readonly target: CatalogTable },
    signal: AbortSignal,
  ): Promise<RepairRows> {
    const facts = await readTableFacts(pools.target, plan.tables.target, signal);
    return new RepairRows(pools, { plan, facts, whole: wholePlan(plan, target) });
  }

  get facts(): TableFacts {
    return this.#table.facts;
  }

  /** Columns of the target that are not compared: a row that is inserted has their defaults. */
  get leftOut(): readonly string[] {
    const compared = new Set(this.#table.plan.columns.map(({ names }) => names.target));
    const { whole, facts } = this.#table;
    const names = whole.columns.slice(whole.key.length).map(({ names: { target } }) => target);
    return names.filter((name) => !compared.has(name) && !facts.generated.has(name));
  }

  /** In the order of the keys. */
  async repairs(keys: readonly KeyTuple[], signal: AbortSignal): Promise<readonly RowRepair[]> {
    // The target is read in whole before and after: what stood still meanwhile is one version of the row.
    const before = await this.#readers.whole.read(keys, signal);
    const base = await this.#readers.base.read(keys, signal);
    const target = await this.#readers.target.read(keys, signal);
    const after = await this.#readers.whole.read(keys, signal);
    return keys.map((key) => {
      const text = keyText(key);
      if (!isSameRow(before.get(text), after.get(text))) return { kind: 'moving' };
      return this.#repairOf({ base: base.get(text), target: target.get(text), whole: after.get(text) });
    });
  }

  async close(): Promise<void> {
    const { base, target, whole } = this.#readers;
    await Promise.all([base.close(), target.close(), whole.close()]);
  }

  #repairOf({ base, target, whole }: Readings): RowRepair {
    const table = this.#table;
    if (!base && !whole) return { kind: 'equal' };
    if (!base && whole)
      return { kind: 'statement', type: 'base_missing', columns: [], ...deleteOf(table, whole) };
    if (base && !isWritable(base)) return { kind: 'unwritable' };
    if (base && !whole)
      return { kind: 'statement', type: 'target_missing', columns: [], ...insertOf(table, base) };
    if (!base || !whole || !target) return { kind: 'moving' };
    const columns = compareColumns(table.plan, { base: base.values, target: target.values }).columns;
    if (columns.length === 0) return { kind: 'equal' };
    const places = table.plan.columns.flatMap(({ names }, i) => (columns.includes(names.base) ? [i] : []));
    const pair = updateOf(table, { base, target: whole }, places);
    return pair ? { kind: 'statement', type: 'neq', columns, ...pair } : { kind: 'generated', columns };
  }
}

/** Text that is read as UTF-8 and is none is marked, and stands for its own bytes only (readExpression.ts). */
function isWritable({ values, forms }: KeyedRow): boolean {
  return values.every((value, i) => value === null || forms[i]?.readAs !== 'text' || isUtf8(value));
}

interface Readings {
  readonly base: KeyedRow | undefined;
  readonly target: KeyedRow | undefined;
  readonly whole: KeyedRow | undefined;
}

/** The key as it is compared, and every column as the target stores it. */
function wholePlan(plan: TablePlan, { columns }: CatalogTable): TablePlan {
  const key = plan.key.flatMap(({ column }) => plan.columns[column] ?? []);
  const stored = columns.map(({ name, type }) => ({
    names: { base: name, target: name },
    types: { base: type, target: type },
    readAs: { kind: 'plain' as const },
    rules: [],
  }));
  const keyParts = plan.key.map((part, i) => ({ ...part, column: i }));
  return { ...plan, columns: [...key, ...stored], key: keyParts };
}

function isSameRow(a: KeyedRow | undefined, b: KeyedRow | undefined): boolean {
  if (!a || !b) return a === b;
  return a.values.every((value, i) => {
    const other = b.values[i] ?? null;
    return value === null || other === null ? value === other : value.equals(other);
  });
}
