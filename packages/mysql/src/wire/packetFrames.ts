/**
 * Finds packets in the bytes that have come: 3 bytes length, 1 byte sequence number, content. A content of 0xffffff
 * bytes goes on in the next packet; its parts are joined, so that it lies there as one. Source: MySQL's protocol
 * documentation, "MySQL Packets".
 */
import { protocolBroken, rowTooLarge } from './brokenProtocol.ts';
import { PacketMemory } from './packetMemory.ts';

export const HEADER_BYTES = 4;
const LONGEST_PACKET = 0xffffff;
/** Longer than any packet in front of the rows: names have 64 characters, those of an expression 256. */
const HEAD_BYTES_MAX = 16 * 1024;

export class PacketFrames {
  readonly memory = new PacketMemory();
  /** Where the next packet begins. */
  position = 0;
  #of = '';
  /** The number of the next packet: an answer begins with 1. */
  sequence = 1;
  /** Packets that the one at the position was joined of. */
  #parts = 1;
  #rowBytesMax = 0;
  #isInRows = false;
  /** Longer packets are rare, and are looked at again. */
  plainBytesMax = HEAD_BYTES_MAX;

  begin({ of, rowBytesMax }: { readonly of: string; readonly rowBytesMax: number }): void {
    this.memory.clear();
    this.position = 0;
    this.#of = of;
    this.sequence = 1;
    this.#parts = 1;
    this.#rowBytesMax = rowBytesMax;
    this.#isInRows = false;
    this.plainBytesMax = HEAD_BYTES_MAX;
  }

  /** From here on packets are rows. */
  beginRows(): void {
    this.#isInRows = true;
    this.plainBytesMax = Math.min(LONGEST_PACKET - 1, this.#rowBytesMax);
  }

  /** Where the packet at the position ends; undefined while it is not whole. */
  end(): number | undefined {
    const { bytes, length } = this.memory;
    const start = this.position;
    if (length - start < HEADER_BYTES) return undefined;
    // By hand: readUIntLE takes several times as long, and this is done for every row.
    const size =
      (bytes[start] as number) | ((bytes[start + 1] as number) << 8) | ((bytes[start + 2] as number) << 16);
    if (size > this.plainBytesMax) return this.#longEnd(size);
    if (size === 0) throw this.broken('a packet is empty');
    const end = start + HEADER_BYTES + size;
    if (end <= length) return end;
    this.memory.reserve(end);
    return undefined;
  }

  /** The packet at the position, which ends at `end`, is taken. */
  pass(end: number): void {
    if (!this.isNext) throw this.broken(`a packet has the number ${this.#number}, expected ${this.sequence}`);
    this.sequence = (this.sequence + this.#parts) & 0xff;
    this.#parts = 1;
    this.position = end;
  }

  get isNext(): boolean {
    return this.#number === this.sequence;
  }

  broken(found: string): Error {
    return protocolBroken(this.#of, found);
  }

  get #number(): number {
    return this.memory.bytes[this.position + 3] as number;
  }

  #longEnd(size: number): number | undefined {
    if (!this.#isInRows) throw this.broken(`a packet in front of the rows has ${size} bytes`);
    const parts = this.#wholeParts();
    if (parts) return this.#join(parts);
    this.memory.reserve(this.position + this.#rowBytesMax);
    return undefined;
  }

  /** Undefined while the last part has not come. */
  #wholeParts(): { start: number; end: number }[] | undefined {
    const { bytes, length } = this.memory;
    const parts: { start: number; end: number }[] = [];
    let sum = 0;
    for (let head = this.position, size = LONGEST_PACKET; size === LONGEST_PACKET; ) {
      if (length - head < HEADER_BYTES) return undefined;
      size = bytes.readUIntLE(head, 3);
      sum += size;
      if (sum > this.#rowBytesMax) throw rowTooLarge(this.#of, this.#rowBytesMax);
      const number = (this.sequence + parts.length) & 0xff;
      if (bytes[head + 3] !== number)
        throw this.broken(`a part has the number ${bytes[head + 3]}, expected ${number}`);
      const start = head + HEADER_BYTES;
      head = start + size;
      if (head > length) return undefined;
      parts.push({ start, end: head });
    }
    return parts;
  }

  #join(parts: readonly { start: number; end: number }[]): number {
    const { bytes } = this.memory;
    let end = this.position + HEADER_BYTES;
    for (const part of parts) {
      bytes.copyWithin(end, part.start, part.end);
      end += part.end - part.start;
    }
    this.memory.close(end, parts.at(-1)?.end ?? end);
    this.#parts = parts.length;
    return end;
  }
}
