/** Reads a whole table and throws it away: what reading costs by itself. For benchmarks. */
import type { TablePlan } from '@rowparity/contracts';
import type { Side } from '@rowparity/core';
import type { SessionPool } from '../connection/sessionPool.ts';
import { AnswerShapes } from '../rows/answerShapes.ts';
import { quoted } from '../sql/quoted.ts';
import { PageBuffer } from '../wire/pageBuffer.ts';

/** Resolves with the number of rows. */
export async function streamRows(
  pool: SessionPool,
  streamed: { readonly plan: TablePlan; readonly side: Side },
  signal: AbortSignal,
): Promise<number> {
  const { schema, table } = streamed.plan.tables[streamed.side];
  const columns = streamed.plan.columns.map(({ names }) => quoted(names[streamed.side])).join(', ');
  const order = streamed.plan.key
    .map(({ column }) => quoted(streamed.plan.columns[column]?.names[streamed.side] ?? ''))
    .join(', ');
  const page = new PageBuffer();
  // One row is kept, the others are walked over.
  const shape = new AnswerShapes(streamed.plan, streamed.side, pool.place).rows(Number.MAX_SAFE_INTEGER);
  page.reset(1, shape);
  const session = await pool.take();
  await session.readRows(
    { sql: `SELECT ${columns} FROM ${quoted(schema)}.${quoted(table)} ORDER BY ${order}`, parameters: [] },
    page,
    signal,
  );
  await pool.release(session);
  return page.rows + page.discardedRows;
}
