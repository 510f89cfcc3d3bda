import fc from 'fast-check';
import { expect, it } from 'vitest';
import { StrategyCost } from './strategyCost.ts';

const line = {
  partMs: fc.double({ min: 0, max: 500, noNaN: true }),
  rowMs: fc.double({ min: 1e-4, max: 1, noNaN: true }),
};

it('from parts of two sizes it tells what a larger one will take', () => {
  fc.assert(
    fc.property(fc.record(line), fc.integer({ min: 1, max: 5000 }), ({ partMs, rowMs }, rows) => {
      const cost = new StrategyCost();
      expect(cost.msOf(1)).toBe(Number.POSITIVE_INFINITY);
      for (const size of [rows, 3 * rows]) cost.learn({ rows: size, ms: partMs + rowMs * size });
      expect(cost.msOf(100_000)).toBeCloseTo(partMs + rowMs * 100_000, 3);
    }),
  );
});

it('what its rows cost follows a link that changes', () => {
  const cost = new StrategyCost();
  for (const rows of [1000, 5000]) cost.learn({ rows, ms: 20 + rows / 1000 });
  for (let i = 0; i < 8; i += 1) cost.learn({ rows: 5000, ms: 20 + (10 * 5000) / 1000 });
  expect(cost.msOf(100_000)).toBeGreaterThan(20 + 900);
});

it('a small part that was slow by chance makes nothing negative', () => {
  const cost = new StrategyCost();
  cost.learn({ rows: 1000, ms: 90 });
  cost.learn({ rows: 5000, ms: 10 });
  expect(cost.msOf(0)).toBe(0);
  expect(cost.msOf(5000)).toBe(10);
});

it('a part without rows teaches nothing', () => {
  const cost = new StrategyCost();
  for (const ms of [5, 6, 7]) cost.learn({ rows: 0, ms });
  expect(cost.msOf(1)).toBe(Number.POSITIVE_INFINITY);
});
