/**
 * What rules lag out: the positions of two servers, of which one replicates from the other, or a value that moves on
 * upstream and travels downstream on the way of the rows, behind them. Both kinds only read.
 */
import { z } from 'zod';
import { predicateText, queryText } from './predicates.ts';
import { identifier } from './scalars.ts';

const upstream = z
  .enum(['source', 'destination'])
  .describe('the side that rows come from, in each direction: the value is written there');

const heartbeat = z.strictObject({
  kind: z.literal('heartbeat'),
  upstream,
  database: identifier
    .optional()
    .describe('of the table, on both sides; the one of each connection when left out'),
  table: identifier.describe('the table that your heartbeat writes to'),
  column: identifier.describe('a number or a time in it that grows with each beat'),
  where: predicateText.optional().describe('finds the row, where there are several'),
});

const query = z.strictObject({
  kind: z.literal('query'),
  upstream,
  source: queryText.describe('gives the value on the source'),
  destination: queryText.describe('gives the value on the destination'),
});

const WORDS = 'expected auto, off, or a fence of kind heartbeat or query';

export const fencePolicy = z.union([
  z.enum(['auto', 'off'], { error: WORDS }),
  z.discriminatedUnion('kind', [heartbeat, query]),
]);
export type FencePolicy = z.output<typeof fencePolicy>;
/** A fence by values that the user's own system makes. */
export type ValueFencePolicy = Extract<FencePolicy, { readonly kind: string }>;
