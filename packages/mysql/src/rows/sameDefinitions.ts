/**
 * Rows under two definitions of a table are not rows of one table. So the columns of every result set of a side must be
 * those of the plan and of the first result set.
 */
import { Fault, type TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { WIRE_TYPE, type WireColumn } from '../wire/wireColumn.ts';
import { isAsPlanned } from './plannedType.ts';

/**
 * UNSIGNED, ZEROFILL, BINARY, ENUM, SET. Other flags tell of indexes, defaults and NULLs, which do not change a value.
 */
const FLAGS = 32 | 64 | 128 | 256 | 2048;
/** A server that sorts by a temporary table may announce another length for these. */
const LONG_TYPES = new Set<number>([
  WIRE_TYPE.tinyBlob,
  WIRE_TYPE.mediumBlob,
  WIRE_TYPE.longBlob,
  WIRE_TYPE.blob,
  WIRE_TYPE.json,
  WIRE_TYPE.geometry,
]);

export class SameDefinitions {
  readonly #plan: TablePlan;
  readonly #side: Side;
  readonly #first: string[] = [];
  /** A stream gives the same columns with each page. */
  #last: readonly WireColumn[] | undefined;

  constructor(plan: TablePlan, side: Side) {
    this.#plan = plan;
    this.#side = side;
  }

  /** The columns of rows. Throws SCHEMA_CHANGED. */
  expectRows(columns: readonly WireColumn[]): void {
    if (columns === this.#last) return;
    for (const [i, column] of columns.entries()) this.#expect(i, column);
    this.#last = columns;
  }

  /** The columns of a key. Throws SCHEMA_CHANGED. */
  expectKey(columns: readonly WireColumn[]): void {
    for (const [i, { column }] of this.#plan.key.entries()) this.#expect(column, columns[i] as WireColumn);
  }

  #expect(i: number, column: WireColumn): void {
    const planned = this.#plan.columns[i];
    const definition = definitionOf(column);
    this.#first[i] ??= definition;
    if (planned && isAsPlanned(column, planned, this.#side) && this.#first[i] === definition) return;
    const table = `${this.#plan.tables[this.#side].table} (${this.#side})`;
    const message = `Table ${table}, column ${planned?.names[this.#side]}: it differs from the plan, or was changed while a shard was read. Order a new run when the schema does not change any more.`;
    throw new Fault('permanent', { code: 'SCHEMA_CHANGED', message });
  }
}

function definitionOf({ type, charset, displayLength, decimals, flags }: WireColumn): string {
  return [type, charset, LONG_TYPES.has(type) ? '' : displayLength, decimals, flags & FLAGS].join(' ');
}
