/** Reads single rows of one side by key, as they are now: each value's bytes, and what they are bytes of. */
import type { ComparedColumn, KeyTuple, ReadAs, TablePlan } from '@rowparity/contracts';
import { type ColumnValue, keyText, type Side } from '@rowparity/core';
import type { SessionPool } from '../connection/sessionPool.ts';
import { SideSessions } from '../connection/sideSessions.ts';
import { SqlRowReader } from '../rows/sqlRowReader.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { type Charsets, readCharsets } from './charsets.ts';

/** What the bytes of a value are. */
export interface ValueForm {
  /** The declared type, where the value was read. */
  readonly type: string;
  readonly readAs: ReadAs['kind'];
  readonly wire: WireColumn;
  /** The name of the column's character set; undefined for what is no text. */
  readonly charset: string | undefined;
}

export interface KeyedRow {
  /** As this side spells it. */
  readonly key: KeyTuple;
  /** By the plan's columns. */
  readonly values: readonly ColumnValue[];
  readonly forms: readonly ValueForm[];
}

export class KeyedValues {
  readonly #pool: SessionPool;
  readonly #plan: TablePlan;
  readonly #side: Side;
  readonly #reader: SqlRowReader;
  #charsets: Charsets | undefined;

  constructor(pool: SessionPool, plan: TablePlan, side: Side) {
    this.#pool = pool;
    this.#plan = plan;
    this.#side = side;
    this.#reader = new SqlRowReader(new SideSessions(pool).points, plan, side);
  }

  /** The rows that are there, by the asked key as one text. */
  async read(keys: readonly KeyTuple[], signal: AbortSignal): Promise<ReadonlyMap<string, KeyedRow>> {
    const found = await this.#readOnce(keys, signal);
    const hasSpellings = this.#plan.key.some(({ kind }) => kind === 'text');
    if (!hasSpellings && !found.isCut) return found.rows;
    // A row may be stored under another spelling of its key; each key alone tells whose row it is.
    for (const key of keys) {
      if (found.rows.has(keyText(key))) continue;
      const { rows } = await this.#readOnce([key], signal);
      const [row] = rows.values();
      if (row) found.rows.set(keyText(key), row);
    }
    return found.rows;
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }

  async #readOnce(keys: readonly KeyTuple[], signal: AbortSignal) {
    this.#charsets ??= await readCharsets(this.#pool, signal);
    const charsets = this.#charsets;
    const page = await this.#reader.readKeys(keys, signal);
    const forms = page.columns.map((wire, i) => this.#formOf(wire, i, charsets));
    const rows = new Map<string, KeyedRow>();
    for (let row = 0; row < page.rows; row += 1) {
      const key = page.layout.keyAt(page, row);
      const values = page.layout.valuesAt(page, row).map((value) => value && Buffer.from(value));
      rows.set(keyText(key), { key, values, forms });
    }
    return { rows, isCut: !page.isComplete };
  }

  #formOf(wire: WireColumn, i: number, charsets: Charsets): ValueForm {
    const { types, readAs } = this.#plan.columns[i] as ComparedColumn;
    const charset = wire.isBinary ? undefined : charsets.get(wire.charset);
    return { type: types[this.#side], readAs: readAs.kind, wire, charset };
  }
}
