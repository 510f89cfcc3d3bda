import { setImmediate as nextTurn } from 'node:timers/promises';
import { deflateSync, constants as zlibConstants, zstdCompressSync } from 'node:zlib';
import { type SeededRandom, seededRandom } from '@rowparity/testkit';
import { expect, it } from 'vitest';
import { CompressedFrames, plainFrames } from './compressedFrames.ts';
import type { CompressionAlgorithm } from './frameCodec.ts';
import { PageBuffer } from './pageBuffer.ts';
import { mutated } from './testing/mutations.ts';
import { referenceReading } from './testing/referenceReader.ts';
import { definition, EOF, packets, row, withLength } from './testing/resultSet.ts';
import { WIRE_TYPE } from './wireColumn.ts';

/** ROWPARITY_FUZZ_SEED does one of them again. */
const SEED = Number(process.env.ROWPARITY_FUZZ_SEED ?? Date.now() % 1e9);
const ROUNDS = 1500;
const COMPRESS = {
  zlib: (bytes: Buffer) => deflateSync(bytes),
  zstd: (bytes: Buffer) =>
    zstdCompressSync(bytes, {
      params: {
        [zlibConstants.ZSTD_c_compressionLevel]: 1,
        // MySQL has none; with one a test can tell every spoiled bit.
        [zlibConstants.ZSTD_c_checksumFlag]: 1,
      },
    }),
} as const;

const SHAPE = {
  ...{ of: 'Table t (base)', columns: 2, rowsMax: 100, rowBytesMax: 64 * 1024 },
  ...{ key: ['integer'] as const, isOrdered: true },
};

function answer(random: SeededRandom): Buffer {
  const rows = Array.from({ length: random.int(0, 40) }, (_, i) => {
    const key = Buffer.alloc(8);
    key.writeBigInt64LE(BigInt(i * 1000));
    return row([key, withLength(Buffer.from(random.hex(random.int(0, 300)), 'hex'))]);
  });
  const head = [Buffer.from([2]), definition(WIRE_TYPE.longlong), definition(WIRE_TYPE.blob)];
  return packets([...head, EOF, ...rows, EOF]);
}

interface Framed {
  readonly content: Buffer;
  /** 0: not compressed. */
  readonly length: number;
}

function framed(bytes: Buffer, algorithm: CompressionAlgorithm, random: SeededRandom): Framed[] {
  const frames: Framed[] = [];
  for (let start = 0; start < bytes.length; ) {
    const piece = bytes.subarray(start, start + random.pick([1, 30, 200, 2000, bytes.length]));
    start += piece.length;
    const isPlain = random.chance(0.2);
    frames.push({
      content: isPlain ? piece : COMPRESS[algorithm](piece),
      length: isPlain ? 0 : piece.length,
    });
  }
  return frames;
}

function frameBytes({ content, length }: Framed, number: number): Buffer {
  const header = Buffer.alloc(7);
  header.writeUIntLE(content.length, 0, 3);
  header[3] = number & 0xff;
  header.writeUIntLE(length, 4, 3);
  return Buffer.concat([header, content]);
}

function sent(frames: readonly Framed[]): Buffer {
  return Buffer.concat(frames.map((frame, i) => frameBytes(frame, i + 1)));
}

interface Taken {
  readonly bytes: Buffer;
  readonly broken: string | undefined;
  readonly isWhole: boolean;
}

/** Feeds bytes in chunks of any size. */
function taken(bytes: Buffer, algorithm: CompressionAlgorithm, random: SeededRandom): Taken {
  const got: Buffer[] = [];
  let broken: string | undefined;
  let next = 1;
  const frames = new CompressedFrames(algorithm, {
    takeNumber: (number) => {
      if (number !== next) return false;
      next = (next + 1) & 0xff;
      return true;
    },
    onBytes: (more) => got.push(more),
    onBroken: (found) => {
      expect(broken).toBeUndefined();
      broken = found;
    },
  });
  for (let start = 0; start < bytes.length; ) {
    const chunk = Buffer.from(bytes.subarray(start, start + random.pick([1, 3, 8, 100, 5000])));
    frames.feed(chunk);
    start += chunk.length;
  }
  return { bytes: Buffer.concat(got), broken, isWhole: frames.isBetweenFrames };
}

type Spoil = (frames: readonly Framed[], random: SeededRandom) => Buffer;

/** One frame, changed in a way that its frame can show. */
const onContent =
  (change: (frame: Framed, random: SeededRandom) => Framed): Spoil =>
  (frames, random) => {
    const compressed = frames.flatMap(({ length }, i) => (length > 0 ? [i] : []));
    if (compressed.length === 0) return sent(frames).subarray(0, -1);
    const i = random.pick(compressed);
    return sent(frames.with(i, change(frames[i] as Framed, random)));
  };

const SPOILS: Readonly<Record<string, Spoil>> = {
  cut: (frames, random) => {
    const bytes = sent(frames);
    return bytes.subarray(0, random.int(0, bytes.length - 1));
  },
  'content cut': onContent(({ content, length }, random) => ({
    content: content.subarray(0, random.int(0, content.length - 1)),
    length,
  })),
  'bytes behind the content': onContent(({ content, length }, random) => ({
    content: Buffer.concat([content, Buffer.from(random.hex(random.int(1, 20)), 'hex')]),
    length,
  })),
  'another content behind it': onContent(({ content, length }) => ({
    content: Buffer.concat([content, content]),
    length,
  })),
  'another length': onContent(({ content, length }, random) => ({
    content,
    length: random.pick([length + 1, length + 1000, length > 1 ? length - 1 : 2, 0xffffff]),
  })),
  'another number': (frames, random) => {
    const i = random.int(0, frames.length - 1);
    const number = (i + 1 + random.int(1, 255)) & 0xff;
    return Buffer.concat(frames.map((frame, j) => frameBytes(frame, j === i ? number : j + 1)));
  },
  'frame left out': (frames, random) => {
    const i = random.int(0, frames.length - 1);
    return Buffer.concat(frames.flatMap((frame, j) => (j === i ? [] : [frameBytes(frame, j + 1)])));
  },
  'frame twice': (frames, random) => {
    const i = random.int(0, frames.length - 1);
    const twice = (frame: Framed, j: number) =>
      Array.from({ length: j === i ? 2 : 1 }, () => frameBytes(frame, j + 1));
    return Buffer.concat(frames.flatMap(twice));
  },
  'bit of a content': onContent(({ content, length }, random) => {
    const spoiled = Buffer.from(content);
    const position = random.int(0, content.length - 1);
    spoiled[position] = (spoiled[position] as number) ^ (1 << random.int(0, 7));
    return { content: spoiled, length };
  }),
  'empty frame': (frames, random) =>
    sent([...frames].toSpliced(random.int(0, frames.length), 0, { content: Buffer.alloc(0), length: 0 })),
};

function readingOf(bytes: Buffer): string {
  const page = new PageBuffer();
  page.reset(1e9, SHAPE);
  try {
    return page.feed(bytes).kind;
  } catch {
    return 'broken';
  }
}

it.each(['zlib', 'zstd'] as const)('%s: what was framed in any way comes as it was', (algorithm) => {
  for (let round = 0; round < ROUNDS / 10; round += 1) {
    const random = seededRandom(SEED + round);
    const bytes = answer(random);
    const found = taken(sent(framed(bytes, algorithm, random)), algorithm, random);
    expect(found, `ROWPARITY_FUZZ_SEED=${SEED + round}`).toEqual({ bytes, broken: undefined, isWhole: true });
  }
});

const CASES = (['zlib', 'zstd'] as const).flatMap((algorithm) =>
  Object.keys(SPOILS).map((name) => [algorithm, name] as const),
);

it.each(CASES)(
  '%s, %s: nothing but the bytes before it is taken, and it is no end of rows',
  (algorithm, name) => {
    for (let round = 0; round < ROUNDS / 15; round += 1) {
      const seed = `ROWPARITY_FUZZ_SEED=${SEED + round}`;
      const random = seededRandom(SEED + round);
      const bytes = answer(random);
      const spoiled = (SPOILS[name] as Spoil)(framed(bytes, algorithm, random), random);
      const found = taken(spoiled, algorithm, random);
      // An optional bit of a header changes nothing of what it gives.
      if (name === 'bit of a content' && found.bytes.equals(bytes) && !found.broken) continue;
      expect(bytes.subarray(0, found.bytes.length).equals(found.bytes), seed).toBe(true);
      const isCut = name === 'cut' || (name === 'frame left out' && !found.broken);
      if (!isCut) expect(found.isWhole, seed).toBe(false);
      if (found.bytes.length < bytes.length)
        expect(['more', 'broken'], seed).toContain(readingOf(found.bytes));
      else expect(found.broken, seed).toBeDefined();
    }
  },
);

it('of frames that are spoiled in any way, the reader tells what their bytes say', () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const seed = `ROWPARITY_FUZZ_SEED=${SEED + round}`;
    const random = seededRandom(SEED + round);
    const algorithm = random.pick(['zlib', 'zstd'] as const);
    const found = taken(mutated(sent(framed(answer(random), algorithm, random)), random), algorithm, random);
    const said = referenceReading(found.bytes, SHAPE).kind;
    const read = readingOf(found.bytes);
    if (said === 'more') expect(['more', 'broken'], seed).toContain(read);
    else if (said === 'rows') expect(read, seed).toBe('end');
    else expect(read, seed).toBe(said);
  }
});

it('an error of the server is handed on, whatever its number: its reader judges that', () => {
  const error = packets([Buffer.from('\xff\x87\x07#70100Connection was killed', 'latin1')]);
  const found = taken(frameBytes({ content: error, length: 0 }, 77), 'zlib', seededRandom(1));
  expect(found).toEqual({ bytes: error, broken: undefined, isWhole: true });
});

it('while it is paused no frame is opened, of what has come and of what comes', async () => {
  const pieces = Array.from({ length: 9 }, (_, i) => Buffer.alloc(1000, i));
  const bytes = sent(pieces.map((piece) => ({ content: deflateSync(piece), length: piece.length })));
  const got: Buffer[] = [];
  let pauseAt = 3;
  const frames: CompressedFrames = new CompressedFrames('zlib', {
    takeNumber: () => true,
    onBytes: (piece) => {
      got.push(piece);
      if (got.length === pauseAt) frames.pause();
    },
    onBroken: (found) => expect.fail(found),
  });
  frames.feed(bytes.subarray(0, -5));
  expect(got).toHaveLength(3);
  frames.feed(bytes.subarray(-5));
  expect(got).toHaveLength(3);
  expect(frames.isBetweenFrames).toBe(false);
  pauseAt = 5;
  frames.resume();
  await nextTurn();
  expect(got).toHaveLength(5);
  frames.resume();
  await nextTurn();
  expect(got).toEqual(pieces);
  expect(frames.isBetweenFrames).toBe(true);
});

it('what is sent is cut into frames of 3 bytes of length, whose numbers go on', () => {
  const bytes = Buffer.alloc(0xffffff + 10, 7);
  const frames = plainFrames(bytes, 255);
  expect(frames.map((frame) => [frame.readUIntLE(0, 3), frame[3], frame.readUIntLE(4, 3)])).toEqual([
    [0xffffff, 255, 0],
    [10, 0, 0],
  ]);
  expect(Buffer.concat(frames.map((frame) => frame.subarray(7))).equals(bytes)).toBe(true);
});
