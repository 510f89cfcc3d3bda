/**
 * Runs one command and reads its answer undecoded. mysql2 does connection, TLS, authentication and prepare. For one
 * command its packet parser is replaced by ours, and restored at the end of the answer, so the connection stays in
 * normal use.
 *
 * What is relied on in mysql2 3.x, pinned by rawExecute.mysql.test.ts: `addCommand` runs a command object by calling
 * `execute(packet, connection)` until it returns true, and reports a lost connection to its `onResult`;
 * `packetParser.execute(chunk)` gets every decrypted chunk, and is `executeStart` between two packets. Of a compressed
 * connection (compressedLink.ts) `_inflatedPacketsParser` is that parser, and gets what frames bring.
 */
import { Fault } from '@rowparity/contracts';
import type { Connection } from 'mysql2';
import { protocolBroken } from './brokenProtocol.ts';
import type { CompressedFrames } from './compressedFrames.ts';
import { errorBehind, type ServerError } from './endPackets.ts';
import { lendChunks } from './openSocket.ts';
import type { WalkState } from './resultSetBuffer.ts';

interface Parser {
  execute(chunk: Buffer): void;
  /** What `execute` is between two packets. */
  readonly executeStart: (chunk: Buffer) => void;
}

export interface Internals {
  readonly packetParser?: Parser;
  readonly _inflatedPacketsParser?: Parser;
  readonly compressedFrames?: CompressedFrames;
  readonly config: { readonly clientFlags: number };
  readonly serverCapabilityFlags?: number;
  readonly stream?: { destroy(): void };
  write(bytes: Buffer): void;
  addCommand(command: RawCommand): void;
  handlePacket(): void;
  _resetSequenceId(): void;
  emit(event: 'error', error: Error): void;
}

interface RawCommand {
  execute(packet: unknown, connection: Internals): boolean;
  onResult(error: Error): void;
}

export class ServerEndedRows extends Error {
  readonly server: ServerError;
  /** False: this error may belong to no statement, and the state of the connection is unknown. */
  readonly isInSequence: boolean;

  constructor(server: ServerError, isInSequence: boolean) {
    super(server.message);
    this.server = server;
    this.isInSequence = isInSequence;
  }
}

/** What becomes of the bytes of an answer. */
export interface AnswerReader {
  /** Whose answer it is, for messages. */
  readonly of: string;
  /** Throws a fault when the answer is none. */
  feed(chunk: Buffer): WalkState;
  /** Where the next chunk may be read to, before it is fed. */
  room?(): Buffer | undefined;
}

export interface RawQuestion {
  /** With its header. */
  readonly packet: Buffer;
  readonly into: AnswerReader;
  /** Bytes have come that did not end the answer. */
  readonly onMore?: (() => void) | undefined;
}

/**
 * Resolves when the whole answer has gone through `into`; rejects with ServerEndedRows or mysql2's own connection
 * error. An answer that breaks the protocol is a fault; its socket is destroyed at once and the connection emits the
 * fault, so that nothing of it is used again.
 */
export function rawCommand(connection: Connection, question: RawQuestion): Promise<void> {
  const internals = internalsOf(connection);
  return new Promise((resolve, reject) => {
    internals.addCommand(new Execution(internals, { ...question, resolve, reject }));
  });
}

interface Question extends RawQuestion {
  resolve(): void;
  reject(error: Error): void;
}

type Ended = Exclude<WalkState, { kind: 'more' }>;

class Execution implements RawCommand {
  readonly #internals: Internals;
  readonly #question: Question;
  readonly #parser: Parser;
  #isDone = false;
  #isStarted = false;
  #ended: Ended | undefined;

  constructor(internals: Internals, question: Question) {
    this.#internals = internals;
    this.#question = question;
    this.#parser = parserOf(internals) as Parser;
  }

  execute(_packet: unknown, connection: Internals): boolean {
    if (this.#isDone || this.#isStarted) return this.#isDone;
    this.#isStarted = true;
    connection._resetSequenceId();
    // mysql2 may be in the middle of a chunk, and puts its own parser back at the chunk's end.
    process.nextTick(() => this.#begin());
    connection.write(this.#question.packet);
    return false;
  }

  /**
   * The connection is lost: behind an answer that is whole nothing can come any more, and none will follow. A frame
   * that is broken has come behind it, though.
   */
  onResult(error: Error): void {
    if (this.#isDone || !this.#ended || !isWhole(this.#internals) || isBroken(error)) {
      this.#fail(error);
      return;
    }
    this.#answer(this.#ended);
    this.#internals.emit('error', error);
  }

  #fail(error: Error): void {
    this.#end();
    this.#question.reject(error);
  }

  #begin(): void {
    if (this.#isDone) return;
    if (!isBetweenPackets(this.#internals)) {
      this.#breakOff(protocolBroken('A statement', 'bytes came that belong to no answer'));
      return;
    }
    this.#parser.execute = (chunk) => this.#onChunk(chunk);
    // What comes compressed is kept until it is whole; only plain chunks can be lent.
    const isPlain = this.#parser === this.#internals.packetParser;
    const { into } = this.#question;
    if (isPlain) lendChunks(this.#internals.stream, () => into.room?.());
  }

  #onChunk(chunk: Buffer): void {
    let state: WalkState;
    try {
      state = this.#question.into.feed(chunk);
    } catch (error) {
      this.#breakOff(error as Error);
      return;
    }
    if (state.kind === 'more') {
      this.#question.onMore?.();
      return;
    }
    this.#ended = state;
    this.#parser.execute = (more) => this.#onBehind(more);
    afterNextPoll(() => this.#finish(state));
  }

  #onBehind(chunk: Buffer): void {
    const farewell = errorBehind(chunk, 0, chunk.length);
    if (farewell) {
      this.#breakOff(new ServerEndedRows(farewell, false));
      return;
    }
    const found = `${chunk.length} bytes came behind the end of the rows`;
    this.#breakOff(protocolBroken(this.#question.into.of, found));
  }

  #finish(state: Ended): void {
    if (this.#isDone) return;
    if (!isWhole(this.#internals)) {
      const found = 'the beginning of a compressed frame came behind the end of the rows';
      this.#breakOff(protocolBroken(this.#question.into.of, found));
      return;
    }
    this.#answer(state);
    this.#internals.handlePacket();
  }

  #answer(state: Ended): void {
    this.#end();
    if (state.kind === 'end') this.#question.resolve();
    else this.#question.reject(new ServerEndedRows(state.error, state.isInSequence));
  }

  #breakOff(error: Error): void {
    this.#fail(error);
    this.#internals.stream?.destroy();
    this.#internals.emit('error', error);
  }

  #end(): void {
    this.#isDone = true;
    this.#parser.execute = this.#parser.executeStart;
    lendChunks(this.#internals.stream, undefined);
  }
}

/**
 * Bytes after an end of rows often come with the next read, so the socket is checked once before the end is accepted.
 */
function afterNextPoll(then: () => void): void {
  setImmediate(() => setImmediate(then));
}

/** Nothing is left over from an answer. */
export function isBetweenPackets(connection: unknown): boolean {
  const internals = connection as Partial<Internals>;
  const parser = parserOf(internals);
  return (parser === undefined || parser.execute === parser.executeStart) && isWhole(internals);
}

/** No part of a compressed frame waits for its rest. */
function isWhole({ compressedFrames }: Partial<Internals>): boolean {
  return compressedFrames === undefined || compressedFrames.isBetweenFrames;
}

function isBroken(error: Error): boolean {
  return error instanceof Fault && error.code === 'PROTOCOL_BROKEN';
}

function parserOf(internals: Partial<Internals>): Parser | undefined {
  return internals._inflatedPacketsParser ?? internals.packetParser;
}

export function internalsOf(connection: Connection): Internals {
  const internals = connection as unknown as Partial<Internals>;
  const parser = parserOf(internals);
  const isKnown =
    typeof parser?.execute === 'function' &&
    typeof parser.executeStart === 'function' &&
    typeof internals.addCommand === 'function' &&
    typeof internals.handlePacket === 'function' &&
    typeof internals._resetSequenceId === 'function' &&
    typeof internals.write === 'function';
  if (isKnown) return internals as Internals;
  throw new Error(
    'This version of mysql2 lacks the parts that rows are read through (packetParser.execute, addCommand): expected mysql2 3.24, as pinned in packages/mysql/package.json.',
  );
}
