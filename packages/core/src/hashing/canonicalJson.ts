/** One text for one meaning: JSON with the members of every object in order. For comparing and for fingerprints. */
import { hash } from 'node:crypto';

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_name, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

export function fingerprintOf(value: unknown): string {
  return hash('sha256', canonicalJson(value), 'hex');
}
