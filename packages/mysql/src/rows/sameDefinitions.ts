/** Rows of two definitions of a table are not rows of one table: every result set is to have the first one's columns. */
import { Fault } from '@rowparity/core';

export class SameDefinitions {
  readonly #table: string;
  #first: Buffer | undefined;

  constructor(table: string) {
    this.#table = table;
  }

  /** Throws SCHEMA_CHANGED. */
  expect(definitions: Buffer): void {
    this.#first ??= definitions;
    if (this.#first.equals(definitions)) return;
    const message = `Table ${this.#table}: its columns were changed while a shard of it was read. Order a new run when the schema stands still.`;
    throw new Fault('permanent', { code: 'SCHEMA_CHANGED', message });
  }
}
