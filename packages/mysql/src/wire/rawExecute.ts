/** Executes a prepared statement and hands the result set's bytes over undecoded. */
import type { Connection, PrepareStatementInfo } from 'mysql2';
import { executePacket, type Parameter } from './executePacket.ts';
import { internalsOf, rawCommand } from './rawCommand.ts';
import type { ResultSetBuffer } from './resultSetBuffer.ts';

const CLIENT_QUERY_ATTRIBUTES = 2 ** 27;

export interface Execution<Buffer extends ResultSetBuffer> {
  readonly statement: PrepareStatementInfo & { readonly id?: number };
  readonly parameters: readonly Parameter[];
  /** Where the rows gather. */
  readonly buffer: Buffer;
  /** Bytes have come that did not end the rows. */
  readonly onMore?: () => void;
}

/** Resolves when all rows have gone through the buffer. */
export function rawExecute(
  connection: Connection,
  { statement, parameters, buffer, onMore }: Execution<ResultSetBuffer>,
): Promise<void> {
  const { config, serverCapabilityFlags = 0 } = internalsOf(connection);
  const hasAttributes = (config.clientFlags & serverCapabilityFlags & CLIENT_QUERY_ATTRIBUTES) !== 0;
  const packet = executePacket(statement.id as number, parameters, hasAttributes);
  return rawCommand(connection, { packet, into: buffer, onMore });
}
