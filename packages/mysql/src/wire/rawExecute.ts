/**
 * Executes a prepared statement and hands the result set's bytes over undecoded. mysql2 does connection, TLS,
 * authentication, compression and prepare; for the length of one statement its packet parser is exchanged for
 * ours, and put back at the server's own end of rows, so the connection goes on in normal use.
 *
 * What is relied on in mysql2 3.x, pinned by rawExecute.mysql.test.ts: `addCommand` runs a command object by
 * calling `execute(packet, connection)` until it returns true, and reports a lost connection to its `onResult`;
 * `packetParser.execute(chunk)` gets every decrypted chunk, `_inflatedPacketsParser.execute` every decompressed one.
 */
import type { Connection, PrepareStatementInfo } from 'mysql2';
import { lendChunks } from '../connection/openSocket.ts';
import { executePacket, type Parameter } from './executePacket.ts';
import type { ResultSetBuffer, ServerError } from './resultSetBuffer.ts';

interface Parser {
  execute(chunk: Buffer): void;
}

interface Internals {
  readonly packetParser?: Parser;
  readonly _inflatedPacketsParser?: Parser;
  readonly config: { readonly clientFlags: number };
  readonly serverCapabilityFlags?: number;
  readonly stream?: unknown;
  write(bytes: Buffer): void;
  addCommand(command: RawCommand): void;
  handlePacket(): void;
  _resetSequenceId(): void;
  destroy(): void;
}

interface RawCommand {
  execute(packet: unknown, connection: Internals): boolean;
  onResult(error: Error): void;
}

const CLIENT_QUERY_ATTRIBUTES = 2 ** 27;

export class ServerEndedRows extends Error {
  readonly server: ServerError;

  constructor(server: ServerError) {
    super(server.message);
    this.server = server;
  }
}

/**
 * Resolves when all rows have gone through `into`; rejects with ServerEndedRows or mysql2's own connection error.
 * `onMore` is called whenever bytes have come that did not end the rows.
 */
export function rawExecute(
  connection: Connection,
  statement: PrepareStatementInfo & { readonly id?: number },
  parameters: readonly Parameter[],
  into: ResultSetBuffer,
  onMore?: () => void,
): Promise<void> {
  const internals = checked(connection);
  const hasAttributes =
    (internals.config.clientFlags & (internals.serverCapabilityFlags ?? 0) & CLIENT_QUERY_ATTRIBUTES) !== 0;
  const packet = executePacket(statement.id as number, parameters, hasAttributes);
  return new Promise((resolve, reject) => {
    internals.addCommand(command(internals, { packet, into, onMore, resolve, reject }));
  });
}

interface Execution {
  readonly packet: Buffer;
  readonly into: ResultSetBuffer;
  readonly onMore: (() => void) | undefined;
  resolve(): void;
  reject(error: Error): void;
}

function command(internals: Internals, { packet, into, onMore, resolve, reject }: Execution): RawCommand {
  let isDone = false;
  let isStarted = false;
  const parser = (internals._inflatedPacketsParser ?? internals.packetParser) as Parser;
  const usual = parser.execute;
  const { stream } = internals;
  // What comes compressed is kept until it is whole; only plain chunks can be lent.
  const isPlain = parser === internals.packetParser;
  const begin = () => {
    parser.execute = onChunk;
    if (isPlain) lendChunks(stream, true);
  };
  const end = () => {
    parser.execute = usual;
    lendChunks(stream, false);
  };
  const onChunk = (chunk: Buffer): void => {
    const state = into.feed(chunk);
    if (state.kind === 'more') {
      onMore?.();
      return;
    }
    end();
    isDone = true;
    internals.handlePacket();
    if (state.kind === 'end') resolve();
    else reject(new ServerEndedRows(state.error));
  };
  return {
    execute(_packet, connection) {
      if (isDone || isStarted) return isDone;
      isStarted = true;
      connection._resetSequenceId();
      begin();
      connection.write(packet);
      return false;
    },
    onResult(error) {
      end();
      reject(error);
    },
  };
}

function checked(connection: Connection): Internals {
  const internals = connection as unknown as Partial<Internals>;
  const parser = internals._inflatedPacketsParser ?? internals.packetParser;
  const isKnown =
    typeof parser?.execute === 'function' &&
    typeof internals.addCommand === 'function' &&
    typeof internals.handlePacket === 'function' &&
    typeof internals._resetSequenceId === 'function' &&
    typeof internals.write === 'function';
  if (isKnown) return internals as Internals;
  throw new Error(
    'This version of mysql2 lacks the parts that rows are read through (packetParser.execute, addCommand): expected mysql2 3.24, as pinned in packages/mysql/package.json.',
  );
}
