/** The rows of one running statement on their way into a buffer: reading pauses while that is full. */
import type { Connection } from 'mysql2';
import { type Execution, rawExecute } from './rawExecute.ts';
import type { StreamBuffer } from './streamBuffer.ts';

interface Pausable {
  pause(): void;
  resume(): void;
}

/** Where bytes come from: the socket, and the frames that came compressed and are not opened yet. */
interface Sources {
  readonly stream: Pausable;
  readonly compressedFrames?: Pausable;
}

export class RowFlow {
  readonly #sources: readonly Pausable[];
  readonly #buffer: StreamBuffer;
  #isPaused = false;
  #end: { readonly fault?: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(connection: Connection, execution: Omit<Execution<StreamBuffer>, 'onMore'>) {
    const { stream, compressedFrames } = connection as unknown as Sources;
    this.#sources = compressedFrames ? [compressedFrames, stream] : [stream];
    this.#buffer = execution.buffer;
    rawExecute(connection, { ...execution, onMore: () => this.#onMore() }).then(
      () => this.#onEnd({}),
      (fault: unknown) => this.#onEnd({ fault }),
    );
  }

  /** The server's own end of rows has come, or a fault. */
  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  get hasFailed(): boolean {
    return this.#end !== undefined && 'fault' in this.#end;
  }

  /** Resolves when the buffer is full or the rows have ended; throws what ended them before their end. */
  async untilFull(): Promise<void> {
    while (!this.#end && !this.#buffer.isFull) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#resume();
      await woken;
    }
    if (this.#end && 'fault' in this.#end) throw this.#end.fault;
  }

  #onMore(): void {
    if (!this.#buffer.isFull) return;
    if (!this.#isPaused) for (const source of this.#sources) source.pause();
    this.#isPaused = true;
    this.#wake?.();
  }

  #resume(): void {
    if (this.#isPaused) for (const source of this.#sources) source.resume();
    this.#isPaused = false;
  }

  #onEnd(end: { readonly fault?: unknown }): void {
    this.#end = end;
    // The frame that filled the buffer may have brought the end: the next statement reads from this socket too.
    this.#resume();
    this.#wake?.();
  }
}
