/** Executes a prepared statement and hands the result set's bytes over undecoded. */
import type { Connection, PrepareStatementInfo } from 'mysql2';
import { executePacket, type Parameter } from './executePacket.ts';
import { internalsOf, rawCommand } from './rawCommand.ts';
import type { ResultSetBuffer } from './resultSetBuffer.ts';

const CLIENT_QUERY_ATTRIBUTES = 2 ** 27;

/**
 * Resolves when all rows have gone through `into`. `onMore` is called whenever bytes have come that did not end the
 * rows.
 */
export function rawExecute(
  connection: Connection,
  statement: PrepareStatementInfo & { readonly id?: number },
  parameters: readonly Parameter[],
  buffer: ResultSetBuffer,
  onMore?: () => void,
): Promise<void> {
  const { config, serverCapabilityFlags = 0 } = internalsOf(connection);
  const hasAttributes = (config.clientFlags & serverCapabilityFlags & CLIENT_QUERY_ATTRIBUTES) !== 0;
  const packet = executePacket(statement.id as number, parameters, hasAttributes);
  return rawCommand(connection, { packet, into: buffer, onMore });
}
