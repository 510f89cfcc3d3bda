/**
 * Lists rows of one side by their update time. It reads them with the readers of two plans made from the table's: one
 * whose key is (time, key), read in the order of the index of the time, and one that reads the time beside the key. So
 * all that holds for rows holds here, too.
 */
import { Fault, type KeyTuple, type TablePlan } from '@rowparity/contracts';
import { type ChangedKey, type ChangedKeysReader, mapSides, type Side } from '@rowparity/core';
import type { SessionSource } from '../connection/sideSessions.ts';
import { quoted } from '../sql/quoted.ts';
import { valueText } from '../wire/valueText.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { SqlRowReader } from './sqlRowReader.ts';

/** Of times and keys: a page by its rows is never cut by its bytes, as no key is longer than 3,072 bytes. */
const LIST_BYTES_MAX = 16 * 1024 * 1024;

export class SqlChangedKeys implements ChangedKeysReader {
  readonly #byTime: SqlRowReader;
  readonly #byKey: SqlRowReader;
  readonly #keyColumns: number;

  constructor(source: SessionSource, plan: TablePlan, side: Side) {
    this.#keyColumns = plan.key.length;
    this.#byTime = new SqlRowReader(source, timePlan(plan), side);
    this.#byKey = new SqlRowReader(source, keyPlan(plan), side);
  }

  async list(after: ChangedKey | null, rows: number, signal: AbortSignal): Promise<readonly ChangedKey[]> {
    const range = { after: after && [after.time, ...after.key], upTo: null };
    const page = await this.#byTime.readPage(range, { rows, bytes: LIST_BYTES_MAX }, signal);
    // Fewer keys than asked mean the end of the list, so nothing else may cut a page.
    if (!page.isComplete && page.rows < rows)
      throw this.#byTime.broken('a page of keys was cut by its bytes');
    return Array.from({ length: page.rows }, (_, row) => {
      const [time = '', ...key] = page.layout.keyAt(page, row);
      return { time, key };
    });
  }

  async among(keys: readonly KeyTuple[], signal: AbortSignal): Promise<readonly ChangedKey[]> {
    const page = await this.#byKey.readKeys(keys, signal);
    return Array.from({ length: page.rows }, (_, row) => {
      const key = page.layout.keyAt(page, row);
      const time = page.layout.valuesAt(page, row)[this.#keyColumns] as Buffer;
      const column = page.columns[this.#keyColumns] as WireColumn;
      return { time: valueText(time, column, { kind: 'temporal', isMarked: false }), key };
    });
  }

  async close(): Promise<void> {
    await this.#byTime.close();
  }
}

/** The key of a table's plan, and its update time behind it. */
function keyPlan(plan: TablePlan): TablePlan {
  const { names, types, from } = changedOf(plan);
  const time = { names, types, readAs: { kind: 'plain' as const }, rules: [] };
  const key = plan.key.map((column, i) => ({ ...column, column: i }));
  const columns = plan.key.flatMap(({ column }) => plan.columns[column] ?? []);
  const isNew = mapSides(names, (name) => `${quoted(name)} >= '${from}'`);
  const where = mapSides(isNew, (condition, side) =>
    plan.where ? `(${plan.where[side]}) AND ${condition}` : condition,
  );
  return { ...plan, columns: [...columns, time], key, where };
}

/** The same rows by their time and key. */
function timePlan(plan: TablePlan): TablePlan {
  const byKey = keyPlan(plan);
  const [time, ...columns] = [...byKey.columns.slice(-1), ...byKey.columns.slice(0, -1)];
  if (!time) throw unplanned();
  const key = byKey.key.map((column, i) => ({ ...column, column: i + 1 }));
  return {
    ...byKey,
    columns: [time, ...columns],
    key: [{ column: 0, kind: 'temporal' }, ...key],
    indexes: changedOf(plan).indexes,
  };
}

function changedOf({ changed }: TablePlan): NonNullable<TablePlan['changed']> {
  if (!changed) throw unplanned();
  return changed;
}

function unplanned(): Fault {
  const message = 'A plan without an update time was asked for the rows that changed.';
  return new Fault('invariant', { code: 'INTERNAL', message });
}
