/**
 * Counts wrong tokens by address, so that tokens cannot be guessed by trying thousands. An address with too many is
 * refused for the rest of the minute, even with the right token: otherwise the right token could be recognized.
 */
import { isIPv6 } from 'node:net';

/** A person mistypes a few times, a script with an old token asks every few seconds. */
const WRONG_A_MINUTE_MAX = 30;
const MINUTE_MS = 60_000;
/** About a megabyte; the address that was counted first is forgotten first. */
const ADDRESSES_MAX = 10_000;

interface Count {
  wrong: number;
  readonly sinceMs: number;
}

export class WrongTokens {
  readonly #counts = new Map<string, Count>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number = () => performance.now()) {
    this.#nowMs = nowMs;
  }

  /** Milliseconds until the address is listened to again; 0 when it is. */
  waitMs(address: string): number {
    const count = this.#counts.get(placeOf(address));
    if (!count || count.wrong < WRONG_A_MINUTE_MAX) return 0;
    return Math.max(0, count.sinceMs + MINUTE_MS - this.#nowMs());
  }

  add(address: string): void {
    const place = placeOf(address);
    const known = this.#counts.get(place);
    if (known && this.#nowMs() - known.sinceMs < MINUTE_MS) known.wrong += 1;
    else {
      this.#counts.delete(place);
      this.#counts.set(place, { wrong: 1, sinceMs: this.#nowMs() });
    }
    const oldest = this.#counts.keys().next();
    if (this.#counts.size > ADDRESSES_MAX && !oldest.done) this.#counts.delete(oldest.value);
  }

  get size(): number {
    return this.#counts.size;
  }
}

/** One host has at least a /64 of IPv6, and may speak from any address of it. */
function placeOf(address: string): string {
  if (!isIPv6(address) || address.includes('.')) return address;
  const [head = '', tail] = address.split('%')[0]?.split('::') ?? [];
  const groups = head.split(':').filter(Boolean);
  const zeros = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter(Boolean).length;
  const all = [
    ...groups,
    ...Array<string>(Math.max(0, zeros)).fill('0'),
    ...(tail ?? '').split(':').filter(Boolean),
  ];
  return `${all.slice(0, 4).join(':')}::/64`;
}
