import type { SeededRandom } from '@rowparity/testkit';
import { seededRandom } from '@rowparity/testkit';
import { expect, it } from 'vitest';
import { viewOf } from './packetMemory.ts';
import { RowLayout } from './rowLayout.ts';
import { row, withLength } from './testing/resultSet.ts';
import { WIRE_TYPE, type WireColumn } from './wireColumn.ts';

const SEED = Number(process.env.ROWPARITY_FUZZ_SEED ?? Date.now() % 1e9);
const ROUNDS = 400;
const ROWS = 80;
const FIXED = [WIRE_TYPE.tiny, WIRE_TYPE.long, WIRE_TYPE.double];
const VARIABLE = [WIRE_TYPE.varString, WIRE_TYPE.date, WIRE_TYPE.datetime, WIRE_TYPE.time, WIRE_TYPE.blob];
const LENGTHS: Readonly<Record<number, readonly number[]>> = {
  [WIRE_TYPE.tiny]: [1],
  [WIRE_TYPE.long]: [4],
  [WIRE_TYPE.double]: [8],
  [WIRE_TYPE.longlong]: [8],
  [WIRE_TYPE.date]: [0, 4],
  [WIRE_TYPE.datetime]: [0, 4, 7, 11],
  [WIRE_TYPE.time]: [0, 8, 12],
};

interface Table {
  readonly types: readonly number[];
  readonly layout: RowLayout;
}

function randomTable(random: SeededRandom): Table {
  const others = random.chance(0.2) ? FIXED : [...FIXED, ...VARIABLE];
  const columns = random.pick([0, 1, 5, 9, 21, 22, 29, 30, 31, 60]);
  const types = [WIRE_TYPE.longlong, ...Array.from({ length: columns }, () => random.pick(others))];
  const definitions = types.map((type) => ({ type }) as WireColumn);
  return { types, layout: new RowLayout(definitions, 1) };
}

function randomRow({ types }: Table, random: SeededRandom): Buffer {
  return row(
    types.map((type, i) => {
      if (i > 0 && random.chance(0.1)) return null;
      const bytes = Buffer.from(random.hex(random.pick(LENGTHS[type] ?? [0, 3, 90, 250, 251, 300])), 'hex');
      return LENGTHS[type]?.length === 1 ? bytes : withLength(bytes);
    }),
  );
}

function spoiled(bytes: Buffer, random: SeededRandom): Buffer {
  const copy = Buffer.from(bytes);
  const position = random.int(0, copy.length - 1);
  if (random.chance(0.6)) copy[position] = random.int(0, 255);
  else if (random.chance(0.5)) return copy.subarray(0, position);
  return random.chance(0.2) ? Buffer.concat([copy, Buffer.from([0])]) : copy;
}

/** One behind the other; nothing comes behind the last one, so a step too far leaves the memory. */
function inMemory(rows: readonly Buffer[]) {
  const bounds = new Uint32Array(2 * rows.length);
  let end = 0;
  for (const [i, { length }] of rows.entries()) {
    bounds.set([end, end + length], 2 * i);
    end += length;
  }
  const bytes = Buffer.concat(rows);
  return { memory: { bytes, view: viewOf(bytes) }, bounds, from: 0, upTo: rows.length, offset: 0 };
}

it('the quick walk of many rows says of each what the plain walk says', () => {
  const counts = { sound: 0, unsound: 0 };
  for (let round = 0; round < ROUNDS; round += 1) {
    const seed = `ROWPARITY_FUZZ_SEED=${SEED + round}`;
    const random = seededRandom(SEED + round);
    const table = randomTable(random);
    const rows = Array.from({ length: ROWS }, () => randomRow(table, random));
    const run = inMemory(rows);
    expect(table.layout.areSound(run), seed).toBe(true);
    expect(table.layout.areSound(run), `${seed}, again`).toBe(true);
    for (let i = 0; i < ROWS; i += 1) {
      const { bytes } = inMemory([spoiled(rows[i] as Buffer, random)]).memory;
      const isSound = table.layout.isSound(bytes, 0, bytes.length);
      counts[isSound ? 'sound' : 'unsound'] += 1;
      const found = table.layout.areSound(inMemory(rows.with(i, bytes)));
      expect(found, `${seed}, row ${i}: ${bytes.toString('hex', 0, 100)}`).toBe(isSound);
      const { alike } = table.layout;
      if (isSound || !alike || bytes.length < 4) continue;
      const isAlike = bytes.length === alike.bytes && (bytes.readInt32LE(0) & alike.mask) === alike.head;
      expect(isAlike, `${seed}, row ${i} is like sound ones`).toBe(false);
    }
  }
  // Both answers came often: of a fifth of the spoiled rows another value is as good.
  expect(Math.min(counts.sound, counts.unsound), JSON.stringify(counts)).toBeGreaterThan(ROUNDS);
});

it('a length that leads out of the memory makes a row unsound, wherever a walk would go on from', () => {
  const types = [WIRE_TYPE.longlong, ...new Array(40).fill(WIRE_TYPE.blob)];
  const layout = new RowLayout(
    types.map((type) => ({ type }) as WireColumn),
    1,
  );
  const sound = row([Buffer.from('0000000000000001', 'hex'), ...new Array(40).fill(Buffer.alloc(1))]);
  expect(layout.areSound(inMemory(new Array(ROWS).fill(sound)))).toBe(true);
  // From the memory's first byte on, one byte a step, the last step would end where this row does.
  const broken = Buffer.concat([sound.subarray(0, 15), Buffer.from([250]), Buffer.alloc(23)]);
  expect(layout.isSound(broken, 0, broken.length)).toBe(false);
  expect(layout.areSound(inMemory([broken, sound]))).toBe(false);
});

it(`the spans of a row lead to its values, also after another row was asked for (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  for (let round = 0; round < ROUNDS; round += 1) {
    const table = randomTable(random);
    const rows = [0, 1].map(() => {
      const values = table.types.map((type, i) => {
        if (i > 0 && random.chance(0.1)) return null;
        return Buffer.from(
          random.hex(random.pick(LENGTHS[type] ?? [0, 3, 90, 250, 251, 300, 70_000])),
          'hex',
        );
      });
      const bytes = row(
        values.map((value, i) => {
          const isFixed = LENGTHS[table.types[i] as number]?.length === 1;
          return value === null || isFixed ? value : withLength(value);
        }),
      );
      return { bytes, values };
    });
    // Both of one layout: the self-test compares a page with a copy of itself.
    const spans = rows.map(({ bytes }) => table.layout.spans({ bytes, start: 0 }));
    for (const [i, { bytes, values }] of rows.entries()) {
      const own = spans[i] as number[];
      const found = values.map((_, column) =>
        own[2 * column] === -1 ? null : bytes.subarray(own[2 * column], own[2 * column + 1]),
      );
      expect(found.map((value) => value?.toString('hex'))).toEqual(
        values.map((value) => value?.toString('hex')),
      );
    }
  }
});
