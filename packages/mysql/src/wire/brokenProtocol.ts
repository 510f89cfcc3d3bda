import { Fault } from '@rowparity/contracts';

/**
 * The faults of a result set that breaks MySQL's protocol. The code that throws one destroys the session, because the
 * beginning of the next answer is unknown. A message has types, lengths and places, never a row's bytes.
 */

const WHAT_TO_DO =
  'No part of this answer is used. Check proxies and the network between worker and server, then order a new run.';

/** What is found where two keys of an ordered answer do not go on. */
export const OUT_OF_ORDER = 'the key of a row is that of a row before it, or smaller';

/** `server` names the table and its side; `found`: what was expected and what came. */
export function protocolBroken(server: string, found: string): Fault {
  const message = `${server}: the server's answer breaks the MySQL protocol: ${found}. ${WHAT_TO_DO}`;
  return new Fault('permanent', { code: 'PROTOCOL_BROKEN', message });
}

export function rowTooLarge(server: string, bytesMax: number): Fault {
  const message = `${server}: a row is larger than ${bytesMax} bytes, which is the most that a worker holds of one row. Leave its large columns out with excludeColumns.`;
  return new Fault('permanent', { code: 'ROW_TOO_LARGE', message });
}
