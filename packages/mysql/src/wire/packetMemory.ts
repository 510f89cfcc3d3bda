/**
 * The received bytes that are still needed, in one piece. It grows with the announced size and releases the memory of a
 * large row: a session stays in its pool for hours, and most rows are small.
 */

const FIRST_BYTES = 64 * 1024;
/** A page and the bytes after it. Larger memory is released as soon as it is not needed. */
const USUAL_BYTES_MAX = 4 * 1024 * 1024;
/** Up to here memory doubles; then it grows by half, since a page of half a megabyte needs little more than that. */
const DOUBLED_BYTES_MAX = 512 * 1024;
/** What a chunk may bring beyond the packet that is waited for. */
const CHUNK_BYTES = 128 * 1024;
/** With less room a socket would read in small pieces. */
const ROOM_BYTES_MIN = 32 * 1024;

/** Bytes, and the same ones for reading numbers: one load where a Buffer takes one for each byte. */
export interface RowMemory {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export class PacketMemory {
  bytes: Buffer<ArrayBuffer> = Buffer.allocUnsafeSlow(FIRST_BYTES);
  view = viewOf(this.bytes);
  /** How much is in use. */
  length = 0;

  append(chunk: Buffer): void {
    const needed = this.length + chunk.length;
    if (needed > this.bytes.length) this.#resize(Math.max(needed, this.#grown()));
    const isInPlace = chunk.buffer === this.bytes.buffer && chunk.byteOffset === this.length;
    if (!isInPlace) chunk.copy(this.bytes, this.length);
    this.length = needed;
  }

  /**
   * Behind what is in use: what is read to there need not be copied by `append`. Only of memory of the usual size,
   * which is never freed while something may still be read to it.
   */
  room(): Buffer | undefined {
    if (this.bytes.length - this.length < ROOM_BYTES_MIN && this.bytes.length < USUAL_BYTES_MAX) {
      this.#resize(this.#grown());
    }
    const isRoom = this.bytes.length <= USUAL_BYTES_MAX && this.bytes.length - this.length >= ROOM_BYTES_MIN;
    return isRoom ? this.bytes.subarray(this.length, this.length + CHUNK_BYTES) : undefined;
  }

  /**
   * Bytes up to `end` are announced. Memory that is not written to yet costs nothing, so a row of many packets gets
   * its largest size at once and is never copied from a smaller piece into a larger one.
   */
  reserve(end: number): void {
    if (end > this.bytes.length) this.#resize(Math.max(end + CHUNK_BYTES, this.#grown()));
  }

  /** Moves everything from `from` on to `to`, which lies before it. */
  close(target: number, from: number): void {
    if (target === from) return;
    this.bytes.copyWithin(target, from, this.length);
    this.length -= from - target;
  }

  clear(): void {
    this.length = 0;
    this.shrink();
  }

  /** What was given out of a large piece is gone after this. */
  shrink(): void {
    if (this.bytes.length > USUAL_BYTES_MAX && this.length <= USUAL_BYTES_MAX / 2) {
      this.#resize(Math.max(FIRST_BYTES, this.length));
    }
  }

  /** Small pieces grow by a share of their size, so that many small chunks are copied a few times only. */
  #grown(): number {
    const { length } = this.bytes;
    if (length >= USUAL_BYTES_MAX) return 0;
    return length < DOUBLED_BYTES_MAX ? 2 * length : Math.min(Math.ceil(1.5 * length), USUAL_BYTES_MAX);
  }

  #resize(size: number): void {
    const old = this.bytes;
    this.bytes = Buffer.allocUnsafeSlow(size);
    this.view = viewOf(this.bytes);
    old.copy(this.bytes, 0, 0, this.length);
    // Freed now: the garbage collector sees only a small object and would keep it for a long time.
    if (old.length > USUAL_BYTES_MAX) old.buffer.transfer(0);
  }
}

export function viewOf({ buffer, byteOffset, byteLength }: Buffer): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
