import { Fault } from '@rowparity/contracts';

/**
 * The faults of a result set that no MySQL server can rightly send. The code that throws one destroys the session:
 * nothing tells where the next answer would begin. A message tells types, lengths and places, never a row's bytes.
 */

const WHAT_TO_DO =
  'Nothing of this answer is used. Look at proxies and at the network between worker and server; then order a new run.';

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
