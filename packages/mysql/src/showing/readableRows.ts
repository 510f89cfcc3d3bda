/** Reads single rows of one side for a person: as bytes, and as values that can be read. */
import type { ComparedColumn, KeyTuple, TablePlan } from '@rowparity/contracts';
import { keyText, type ReadableRow, type Side } from '@rowparity/core';
import type { SessionPool } from '../connection/sessionPool.ts';
import { typedValue } from '../rows/typedValue.ts';
import { KeyedValues, type ValueForm } from './keyedValues.ts';

export interface ShownRow extends ReadableRow {
  /** As this side spells it. */
  readonly key: KeyTuple;
}

export class ReadableRows {
  readonly #plan: TablePlan;
  readonly #values: KeyedValues;

  constructor(pool: SessionPool, plan: TablePlan, side: Side) {
    this.#plan = plan;
    this.#values = new KeyedValues(pool, plan, side);
  }

  /** The row of a key as it is now; undefined where there is none. */
  async read(key: KeyTuple, signal: AbortSignal): Promise<ShownRow | undefined> {
    const row = (await this.#values.read([key], signal)).get(keyText(key));
    if (!row) return undefined;
    const typed = row.values.map((value, i) => {
      const compared = this.#plan.columns[i] as ComparedColumn;
      const { wire, charset, type } = row.forms[i] as ValueForm;
      return typedValue(value, { compared, wire, charset, type });
    });
    return { key: row.key, values: row.values, typed };
  }

  async close(): Promise<void> {
    await this.#values.close();
  }
}
