/** Which server a side of a run was, as the server reported when the run was planned. */
import { z } from 'zod';
import { safeCount } from './scalars.ts';

/** The server's replication position: the variable and its value, or the reason why there is none. */
const replicationPosition = z.union([
  z.strictObject({
    variable: z.string(),
    value: z.string(),
    /** Of a replica that tells it apart: what it applied, without the transactions that it made by itself. */
    applied: z.string().optional(),
  }),
  z.strictObject({ missing: z.string() }),
]);

/** What a run that finds tables by a pattern leaves out without comparing it. */
export const OUT_OF_SIGHT_NAMED_MAX = 20;
const outOfSight = z.strictObject({
  /** The first views, sequences and the like that a pattern matches. */
  entries: z
    .array(z.strictObject({ name: z.string(), kind: z.enum(['view', 'sequence', 'other']) }))
    .max(OUT_OF_SIGHT_NAMED_MAX),
  /** How many there are. */
  total: safeCount,
  /** True when the user may not see every table of the database. */
  isPartial: z.boolean(),
});
export type OutOfSight = z.infer<typeof outOfSight>;

export const serverIdentity = z.strictObject({
  version: z.string(),
  host: z.string(),
  port: z.string(),
  serverId: z.string(),
  /** Null where the server has none: MariaDB. */
  uuid: z.string().nullable(),
  /** Of the connection; in lower case where the server ignores case. */
  database: z.string(),
  position: replicationPosition,
  /** Absent where every table is named in the spec, or where nothing is left out. */
  outOfSight: outOfSight.optional(),
});
export type ServerIdentity = z.infer<typeof serverIdentity>;
