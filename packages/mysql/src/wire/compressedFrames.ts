/**
 * Takes the frames of a compressed connection apart: 3 bytes length of the content, 1 byte number, 3 bytes length
 * before compression, which is 0 for a content that is not compressed. Everything is done in turn and at once, so that
 * the order of the bytes cannot change. A frame that is not as the protocol has it is a fault, and nothing behind it is
 * taken. Source: MySQL's protocol documentation, "Compressed Packet".
 */
import { errorBehind } from './endPackets.ts';
import { type CompressionAlgorithm, decompressed } from './frameCodec.ts';

const FRAME_HEADER_BYTES = 7;
/** What 3 bytes can tell. */
const CONTENT_BYTES_MAX = 0xffffff;

export interface FramePort {
  /** The number that the next frame must have; a frame with it has come. */
  takeNumber(number: number): boolean;
  /** What a frame brought. */
  onBytes(bytes: Buffer): void;
  onBroken(found: string): void;
}

export class CompressedFrames {
  readonly #algorithm: CompressionAlgorithm;
  readonly #port: FramePort;
  #chunks: Buffer[] = [];
  #length = 0;
  /** What the first frame needs to be whole, as far as is known. */
  #needed = FRAME_HEADER_BYTES;
  #isBroken = false;
  #isPaused = false;

  constructor(algorithm: CompressionAlgorithm, port: FramePort) {
    this.#algorithm = algorithm;
    this.#port = port;
  }

  /** No part of a frame has come that is not whole. */
  get isBetweenFrames(): boolean {
    return this.#length === 0 && !this.#isBroken;
  }

  feed(chunk: Buffer): void {
    if (this.#isBroken) return;
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length >= this.#needed) this.#passAll();
  }

  /** A chunk of frames can hold a thousand times its size: no more of them are opened until `resume`. */
  pause(): void {
    this.#isPaused = true;
  }

  /** What has come goes on in a turn of its own: the caller may be about to wait for it. */
  resume(): void {
    this.#isPaused = false;
    if (this.#length >= this.#needed) process.nextTick(() => this.#isBroken || this.#passAll());
  }

  #passAll(): void {
    const [first = Buffer.alloc(0), ...more] = this.#chunks;
    const bytes = more.length === 0 ? first : Buffer.concat([first, ...more], this.#length);
    this.#keep(bytes, 0);
    let position = 0;
    for (
      let end = this.#endOf(bytes, 0);
      end !== undefined && !this.#isPaused;
      end = this.#endOf(bytes, position)
    ) {
      const frame = bytes.subarray(position, end);
      position = end;
      // Known before the bytes are handed on: their reader asks whether more has come.
      this.#keep(bytes, position);
      this.#pass(frame);
      if (this.#isBroken) return;
    }
  }

  #keep(bytes: Buffer, from: number): void {
    this.#length = bytes.length - from;
    this.#chunks = this.#length === 0 ? [] : [bytes.subarray(from)];
  }

  #endOf(bytes: Buffer, start: number): number | undefined {
    const length = bytes.length - start;
    this.#needed = FRAME_HEADER_BYTES;
    if (length < FRAME_HEADER_BYTES) return undefined;
    this.#needed += bytes.readUIntLE(start, 3);
    return length < this.#needed ? undefined : start + this.#needed;
  }

  #pass(frame: Buffer): void {
    const content = frame.subarray(FRAME_HEADER_BYTES);
    const length = frame.readUIntLE(4, 3);
    const bytes = length === 0 ? content : decompressed(this.#algorithm, content, length);
    if (content.length === 0) this.#break('a compressed frame is empty');
    else if (!bytes) {
      this.#break(`the ${content.length} bytes of a frame do not give the ${length} bytes that it announces`);
    } else if (this.#port.takeNumber(frame[3] as number) || isError(bytes)) this.#port.onBytes(bytes);
    else this.#break(`a compressed frame has the number ${frame[3]}, which is not the next one`);
  }

  #break(found: string): void {
    this.#isBroken = true;
    this.#chunks = [];
    this.#port.onBroken(found);
  }
}

/** A server that ends a session says so with any number; the reader of the packets judges that. */
function isError(bytes: Buffer): boolean {
  return bytes.length > 4 && errorBehind(bytes, 0, bytes.length) !== undefined;
}

/** What is sent is not compressed: statements are short. The numbers go on from `number`. */
export function plainFrames(bytes: Buffer, number: number): readonly Buffer[] {
  const frames: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += CONTENT_BYTES_MAX) {
    const content = bytes.subarray(start, start + CONTENT_BYTES_MAX);
    const header = Buffer.alloc(FRAME_HEADER_BYTES);
    header.writeUIntLE(content.length, 0, 3);
    header[3] = (number + frames.length) & 0xff;
    frames.push(Buffer.concat([header, content]));
  }
  return frames;
}
