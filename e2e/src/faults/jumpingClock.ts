// Loaded into a worker before anything else (--import): its wall clock jumps by an hour, back and forth, every fifth
// of a second. The steady clock is not changed.

const HOUR_MS = 3_600_000;
const EVERY_MS = 200;
const OFFSETS_MS = [HOUR_MS, 0, -HOUR_MS, HOUR_MS, -HOUR_MS, 0];

const begin = performance.now();
const RealDate = Date;

function shiftedNow(): number {
  const turn = Math.floor((performance.now() - begin) / EVERY_MS);
  return RealDate.now() + (OFFSETS_MS[turn % OFFSETS_MS.length] ?? 0);
}

class JumpingDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    super(...((given.length === 0 ? [shiftedNow()] : given) as [number]));
  }

  static override now(): number {
    return shiftedNow();
  }
}

globalThis.Date = JumpingDate as DateConstructor;
