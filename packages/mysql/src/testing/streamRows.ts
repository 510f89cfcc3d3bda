/** Reads a whole table and throws it away: what reading costs by itself. For benchmarks. */
import type { TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import type { SessionShelf } from '../connection/sessionShelf.ts';
import { AnswerShapes } from '../rows/answerShapes.ts';
import { quoted } from '../sql/quoted.ts';
import { PageBuffer } from '../wire/pageBuffer.ts';

/** Resolves with the number of rows. */
export async function streamRows(
  shelf: SessionShelf,
  of: { readonly plan: TablePlan; readonly side: Side },
  signal: AbortSignal,
): Promise<number> {
  const { schema, table } = of.plan.tables[of.side];
  const columns = of.plan.columns.map(({ names }) => quoted(names[of.side])).join(', ');
  const order = of.plan.key
    .map(({ column }) => quoted(of.plan.columns[column]?.names[of.side] ?? ''))
    .join(', ');
  const page = new PageBuffer();
  // One row is kept, the others are walked over.
  const shape = new AnswerShapes(of.plan, of.side, shelf.place).rows(Number.MAX_SAFE_INTEGER);
  page.reset(1, shape);
  const session = await shelf.take();
  await session.readRows(
    `SELECT ${columns} FROM ${quoted(schema)}.${quoted(table)} ORDER BY ${order}`,
    [],
    page,
    signal,
  );
  await shelf.giveBack(session);
  return page.rows + page.discardedRows;
}
