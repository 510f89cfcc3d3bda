/** Seeded random numbers: the same seed gives the same draws. */
import { hash } from 'node:crypto';

/** A whole number below the limit; the same ones for the same seed. */
export type Draw = (limit: number) => number;

export function seededDraws(seed: string): Draw {
  const bytes = Buffer.from(hash('sha256', seed, 'hex'), 'hex');
  let position = 0;
  return (limit) => {
    const drawn = bytes.readUInt32LE(position) % limit;
    position = (position + 4) % bytes.length;
    return drawn;
  };
}
