/**
 * The SQL of one page, from the reader itself: it is given a session that notes the statement instead of sending it,
 * so that what is shown is what would run.
 */
import type { KeyRange, TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import { type SessionShelf, SqlRowReader } from '@rowparity/mysql';

/** The reader asks for a byte limit; nothing is read here. */
const BYTES = 1;
/** What is left of a page that nothing was read into. */
const EMPTY_BUFFER = {
  rows: 0,
  bounds: [],
  columns: [],
  definitions: Buffer.alloc(0),
  discardedRows: 0,
  reset() {},
};

export async function pageStatement(
  plan: TablePlan,
  side: Side,
  page: { readonly range: KeyRange; readonly rows: number },
): Promise<string> {
  let statement = '';
  const session = {
    isUsable: true,
    nextBuffer: () => EMPTY_BUFFER,
    async readRows(sql: string) {
      statement = sql;
    },
  };
  const shelf = { place: side, database: '', take: async () => session, giveBack: async () => undefined };
  const reader = new SqlRowReader(shelf as unknown as SessionShelf, plan, side);
  await reader.readPage(page.range, { rows: page.rows, bytes: BYTES }, new AbortController().signal);
  return statement;
}
