/** Reads single rows of one side for a person: as bytes, and as values that can be read. */
import type { ComparedColumn, KeyTuple, TablePlan } from '@rowparity/contracts';
import { keyText, type ReadableRow, type Side } from '@rowparity/core';
import type { SessionPool } from '../connection/sessionPool.ts';
import { SideSessions } from '../connection/sideSessions.ts';
import { SqlRowReader } from '../rows/sqlRowReader.ts';
import { typedValue } from '../rows/typedValue.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { type Charsets, readCharsets } from './charsets.ts';

export interface KeyedRow extends ReadableRow {
  /** As this side spells it. */
  readonly key: KeyTuple;
}

export class ReadableRows {
  readonly #pool: SessionPool;
  readonly #plan: TablePlan;
  readonly #side: Side;
  readonly #sessions: SideSessions;
  readonly #reader: SqlRowReader;
  #charsets: Charsets | undefined;

  constructor(pool: SessionPool, plan: TablePlan, side: Side) {
    this.#pool = pool;
    this.#plan = plan;
    this.#side = side;
    this.#sessions = new SideSessions(pool);
    this.#reader = new SqlRowReader(this.#sessions.points, plan, side);
  }

  /** The row of a key as it is now; undefined where there is none. */
  async read(key: KeyTuple, signal: AbortSignal): Promise<KeyedRow | undefined> {
    this.#charsets ??= await readCharsets(this.#pool, signal);
    const charsets = this.#charsets;
    const page = await this.#reader.readKeys([key], signal);
    // A row under exactly this spelling comes first; text may be stored under another one.
    const rows = Array.from({ length: page.rows }, (_, row) => row);
    const exact = rows.find((row) => keyText(page.layout.keyAt(page, row)) === keyText(key));
    const row = exact ?? rows[0];
    if (row === undefined) return undefined;
    const values = page.layout.valuesAt(page, row).map((value) => value && Buffer.from(value));
    const typed = values.map((value, i) => {
      const compared = this.#plan.columns[i] as ComparedColumn;
      const wire = page.columns[i] as WireColumn;
      const charset = wire.isBinary ? undefined : charsets.get(wire.charset);
      return typedValue(value, { compared, wire, charset, type: compared.types[this.#side] });
    });
    return { key: page.layout.keyAt(page, row), values, typed };
  }

  async close(): Promise<void> {
    await this.#reader.close();
  }
}
