/** Which server a side of a run was, as it said itself when the run was planned. */
import { z } from 'zod';

/** Where the server's history stood: the variable that tells, and its value; or why there is none. */
const replicationPosition = z.union([
  z.strictObject({ variable: z.string(), value: z.string() }),
  z.strictObject({ missing: z.string() }),
]);

export const serverIdentity = z.strictObject({
  version: z.string(),
  host: z.string(),
  port: z.string(),
  serverId: z.string(),
  /** Null where the server has none: MariaDB. */
  uuid: z.string().nullable(),
  /** Of the connection; in lower case where the server does not tell cases apart. */
  database: z.string(),
  position: replicationPosition,
});
export type ServerIdentity = z.infer<typeof serverIdentity>;
