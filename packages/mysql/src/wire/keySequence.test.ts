import type { KeyKind } from '@rowparity/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeySequence, keySequence } from './keySequence.ts';
import { LateOrder } from './lateOrder.ts';
import { viewOf } from './packetMemory.ts';
import { WIRE_TYPE, type WireColumn } from './wireColumn.ts';

const INTEGER: readonly KeyKind[] = ['integer'];

interface Width {
  readonly type: number;
  readonly bytes: number;
  readonly isUnsigned: boolean;
}

const WIDTHS: readonly Width[] = [false, true].flatMap((isUnsigned) => [
  { type: WIRE_TYPE.tiny, bytes: 1, isUnsigned },
  { type: WIRE_TYPE.short, bytes: 2, isUnsigned },
  { type: WIRE_TYPE.long, bytes: 4, isUnsigned },
  { type: WIRE_TYPE.longlong, bytes: 8, isUnsigned },
]);

function columnsOf({ type, isUnsigned }: Width): readonly WireColumn[] {
  return [{ type, isUnsigned, charset: 63 } as WireColumn];
}

/** Rows of one integer, as they lie in a page. */
function pageOf(values: readonly bigint[], { bytes: width }: Width) {
  const rowBytes = 2 + width;
  const bytes = Buffer.alloc(values.length * rowBytes);
  const bounds = new Uint32Array(2 * values.length);
  for (const [row, value] of values.entries()) {
    const all = Buffer.alloc(8);
    all.writeBigUInt64LE(BigInt.asUintN(64, value));
    all.copy(bytes, row * rowBytes + 2, 0, width);
    bounds.set([row * rowBytes, (row + 1) * rowBytes], 2 * row);
  }
  return { rows: values.length, bytes, bounds, isComplete: true };
}

function valuesOf({ bytes, isUnsigned }: Width): fc.Arbitrary<bigint[]> {
  const bits = BigInt(8 * bytes);
  const [min, max] = isUnsigned ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
  const value = fc.oneof(fc.bigInt({ min, max }), fc.constantFrom(min, min + 1n, 0n, max - 1n, max));
  const ordered = fc
    .uniqueArray(value, { maxLength: 12 })
    .map((all) => all.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
  return fc.oneof(ordered, fc.array(value, { maxLength: 5 }));
}

const isAscending = (values: readonly bigint[]) =>
  values.every((value, i) => i === 0 || value > (values[i - 1] as bigint));

describe.each(WIDTHS)('an integer of $bytes bytes, unsigned: $isUnsigned', (width) => {
  it('the keys of rows go on exactly when each number is larger than the one before, asked one by one or all at once', () => {
    fc.assert(
      fc.property(valuesOf(width), fc.nat(12), (values, split) => {
        const page = pageOf(values, width);
        const memory = { bytes: page.bytes, view: viewOf(page.bytes) };
        const fresh = (): KeySequence => keySequence(columnsOf(width), INTEGER);
        const single = fresh();
        const oneByOne = values.every((_, row) =>
          single.goesOn(memory, (page.bounds[2 * row] as number) + 2),
        );
        expect(oneByOne).toBe(isAscending(values));
        const many = fresh();
        const middle = Math.min(split, values.length);
        const part = (from: number, upTo: number) =>
          many.allGoOn({ memory, bounds: page.bounds, from, upTo, offset: 2 });
        expect(part(0, middle) && part(middle, values.length)).toBe(isAscending(values));
      }),
    );
  });

  it('looked at late, a page follows the last row that was taken, and rows in front of the first asked one count as equal', () => {
    fc.assert(
      fc.property(valuesOf(width), fc.nat(12), fc.nat(12), (values, split, equal) => {
        const columns = columnsOf(width);
        const order = new LateOrder({ key: INTEGER, isUnwalked: true });
        const middle = Math.min(split, values.length);
        const [first, second] = [values.slice(0, middle), values.slice(middle)];
        const firstPage = { ...pageOf(first, width), columns };
        if (first.length > 0) order.taken(firstPage, first.length);
        const from = Math.min(equal, second.length);
        const page = { ...pageOf(second, width), columns };
        const before = from > 0 ? second.slice(from - 1) : [...first.slice(-1), ...second];
        expect(order.brokenIn(page)(from, second.length + 1)).toBe(!isAscending(before));
      }),
    );
  });
});
