import type { SeededRandom } from '@rowparity/testkit';
import { seededRandom } from '@rowparity/testkit';
import { expect, it } from 'vitest';
import { rowValues } from './binaryRow.ts';
import { PageBuffer } from './pageBuffer.ts';
import type { ResultSetBuffer, WalkState } from './resultSetBuffer.ts';
import type { ResultSetShape } from './resultSetShape.ts';
import { StreamBuffer } from './streamBuffer.ts';
import { mutated } from './testing/mutations.ts';
import { type Reading, referenceReading } from './testing/referenceReader.ts';
import { definition, EOF, packets, row, withLength } from './testing/resultSet.ts';
import { WIRE_TYPE } from './wireColumn.ts';

/** ROWPARITY_FUZZ_SEED does one of them again. */
const SEED = Number(process.env.ROWPARITY_FUZZ_SEED ?? Date.now() % 1e9);
const ROUNDS = 3000;
const ROW_BYTES_MAX = 64 * 1024;
/** More than a word of NULLs. */
const COLUMNS_MAX = 40;
/** Enough rows at once for the quick walk. */
const ROWS_MAX = 60;
const TYPES = [
  WIRE_TYPE.longlong,
  WIRE_TYPE.varString,
  WIRE_TYPE.datetime,
  WIRE_TYPE.tiny,
  WIRE_TYPE.time,
  WIRE_TYPE.blob,
  WIRE_TYPE.double,
];

function recorded(random: SeededRandom): { bytes: Buffer; shape: ResultSetShape } {
  const columns = random.chance(0.2) ? random.int(22, COLUMNS_MAX) : random.int(1, TYPES.length);
  const types = Array.from({ length: columns }, (_, i) => TYPES[i % TYPES.length] as number);
  const rows = Array.from(
    { length: random.chance(0.5) ? random.int(0, 12) : random.int(0, ROWS_MAX + 1) },
    (_, i) =>
      row(
        types.map((type, column) =>
          random.chance(column === 0 ? 0.01 : 0.2) ? null : randomValue(type, i, random),
        ),
      ),
  );
  const bytes = packets([
    Buffer.from([columns]),
    ...types.map((type) => definition(type)),
    EOF,
    ...rows,
    EOF,
  ]);
  const isOrdered = random.chance(0.7);
  const shape = {
    of: 'Table t (base)',
    columns,
    rowsMax: ROWS_MAX,
    key: ['integer'] as const,
    isOrdered,
    rowBytesMax: ROW_BYTES_MAX,
  };
  return { bytes, shape };
}

function randomValue(type: number, i: number, random: SeededRandom): Buffer {
  const bytes = (length: number) => Buffer.from(random.hex(length), 'hex');
  const withByte = (length: number) => Buffer.concat([Buffer.from([length]), bytes(length)]);
  switch (type) {
    case WIRE_TYPE.longlong: {
      const key = Buffer.alloc(8);
      key.writeBigInt64LE(BigInt(i * 1000 - 3000));
      return key;
    }
    case WIRE_TYPE.double:
      return bytes(8);
    case WIRE_TYPE.tiny:
      return bytes(1);
    case WIRE_TYPE.datetime:
      return withByte(random.pick([0, 4, 7, 11]));
    case WIRE_TYPE.time:
      return withByte(random.pick([0, 8, 12]));
    default: {
      const length = random.pick([0, 3, 40, 250, 251, 300]);
      // In a longer form than a server takes.
      if (random.chance(0.01))
        return Buffer.concat([Buffer.from([0xfd, length & 0xff, length >> 8, 0]), bytes(length)]);
      return withLength(bytes(length));
    }
  }
}

/** Feeds bytes in chunks of any size, each in a piece of memory of its own. */
function readInChunks(buffer: ResultSetBuffer, bytes: Buffer, random: SeededRandom): Reading {
  let state: WalkState = { kind: 'more' };
  try {
    for (let position = 0; position < bytes.length && state.kind === 'more'; ) {
      const size = random.pick([1, 2, 5, 50, 500, bytes.length]);
      state = buffer.feed(Buffer.from(bytes.subarray(position, position + size)));
      position += size;
      if (state.kind !== 'more' && position < bytes.length) return { kind: 'broken' };
    }
  } catch (error) {
    expect(['PROTOCOL_BROKEN', 'ROW_TOO_LARGE']).toContain((error as { code?: string }).code);
    return { kind: 'broken' };
  }
  if (state.kind !== 'end') return { kind: state.kind };
  const rows = Array.from({ length: buffer.rows }, (_, i) => {
    const values = rowValues({ bytes: buffer.bytes, start: buffer.bounds[2 * i] as number }, buffer.columns);
    return JSON.stringify(values.map((value) => value?.toString('hex') ?? null));
  });
  return { kind: 'rows', rows };
}

function pageOf(shape: ResultSetShape): PageBuffer {
  const page = new PageBuffer();
  page.reset(1e9, shape);
  return page;
}

function streamOf(shape: ResultSetShape): StreamBuffer {
  const stream = new StreamBuffer();
  stream.reset({ rows: 1e9, bytes: 1e9 }, shape);
  return stream;
}

/** Bytes that end too early may be known as broken already. Never the other way round: that would be a hang. */
function expectSame(found: Reading, said: Reading, seed: string): void {
  if (said.kind === 'more') expect(['more', 'broken'], seed).toContain(found.kind);
  else expect(found, seed).toEqual(said);
}

it('of bytes that are spoiled in any way, the reader tells what they say, or that they are broken', () => {
  const kinds = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const seed = `ROWPARITY_FUZZ_SEED=${SEED + round}`;
    const random = seededRandom(SEED + round);
    const { bytes, shape } = recorded(random);
    const spoiled = random.chance(0.05) ? bytes : mutated(bytes, random);
    const said = referenceReading(spoiled, shape);
    for (const buffer of [pageOf(shape), streamOf(shape)]) {
      const found = readInChunks(buffer, spoiled, random);
      expectSame(found, said, seed);
    }
    kinds.set(said.kind, (kinds.get(said.kind) ?? 0) + 1);
  }
  // The first packet does not distinguish all of them.
  expect(Object.fromEntries(kinds), `seed ${SEED}`).toMatchObject({
    rows: expect.any(Number),
    more: expect.any(Number),
  });
  console.log(`seed ${SEED}: ${[...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')}`);
});

it('of rows of one size, which need no walk once one was found sound, it tells the same', () => {
  const types = [WIRE_TYPE.longlong, WIRE_TYPE.tiny, WIRE_TYPE.double];
  const shape = { of: 'Table t (base)', columns: 3, rowsMax: ROWS_MAX, rowBytesMax: ROW_BYTES_MAX };
  for (let round = 0; round < ROUNDS; round += 1) {
    const seed = `ROWPARITY_FUZZ_SEED=${SEED + round}`;
    const random = seededRandom(SEED + round);
    const rows = Array.from({ length: ROWS_MAX }, (_, i) =>
      row(types.map((type) => randomValue(type, i, random))),
    );
    const head = [Buffer.from([3]), ...types.map((type) => definition(type)), EOF];
    const known = packets([...head, ...rows.slice(0, ROWS_MAX / 2)]).length;
    const bytes = packets([...head, ...rows, EOF]);
    const position = random.int(known, bytes.length - 1);
    // A bit of a header, of the NULLs or of a value.
    bytes[position] = (bytes[position] as number) ^ (1 << random.int(0, 7));
    const asked = { ...shape, key: ['integer'] as const, isOrdered: random.chance(0.5) };
    const stream = streamOf(asked);
    stream.feed(bytes.subarray(0, known));
    const found = readInChunks(stream, bytes.subarray(known), random);
    expectSame(found, referenceReading(bytes, asked), seed);
  }
});
