// One direction of a connection: moves pieces from one socket to the other, as the simulated faults allow. It stops
// reading while too much is in flight, so that the sender gets the back pressure of a slow link.

import type { Socket } from 'node:net';
import type { Weather } from './weather.ts';

interface Piece {
  /** Undefined: the sender has ended. */
  readonly bytes: Buffer | undefined;
  readonly dueAtMs: number;
}

const UNDER_WAY_BYTES_MAX = 1024 * 1024;
/** What goes through a throttled lane at once; so short that the speed is even. */
const SLICE_MS = 20;

export class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #pieces: Piece[] = [];
  #weather: Weather = { kind: 'fair' };
  #bytes = 0;
  #freeAtMs = 0;
  #timer: NodeJS.Timeout | undefined;
  #hasLost = false;

  constructor(from: Socket, target: Socket) {
    this.#from = from;
    this.#to = target;
    from.on('data', (bytes: Buffer) => this.#take(bytes));
    from.on('end', () => this.#take(undefined));
    target.on('drain', () => this.#bring());
  }

  get isIdle(): boolean {
    return this.#pieces.length === 0;
  }

  /** Data was dropped: later data must not arrive as if nothing were missing. */
  get hasLost(): boolean {
    return this.#hasLost;
  }

  set(weather: Weather): void {
    this.#weather = weather;
    if (weather.kind === 'silent' && this.#pieces.length > 0) this.#swallow();
    else this.#bring();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#pieces.length = 0;
  }

  #take(bytes: Buffer | undefined): void {
    if (this.#hasLost || this.#weather.kind === 'silent') {
      this.#swallow();
      return;
    }
    this.#bytes += bytes?.length ?? 0;
    for (const slice of this.#slicesOf(bytes)) {
      this.#pieces.push({ bytes: slice, dueAtMs: this.#dueAtMs(slice?.length ?? 0) });
    }
    if (this.#bytes > UNDER_WAY_BYTES_MAX) this.#from.pause();
    this.#bring();
  }

  #swallow(): void {
    this.#hasLost = true;
    this.#pieces.length = 0;
    this.#bytes = 0;
    this.#from.resume();
  }

  #slicesOf(bytes: Buffer | undefined): readonly (Buffer | undefined)[] {
    if (this.#weather.kind !== 'throttled' || !bytes) return [bytes];
    const size = Math.max(1, Math.floor((this.#weather.bytesPerSecond * SLICE_MS) / 1000));
    return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
      bytes.subarray(i * size, (i + 1) * size),
    );
  }

  #dueAtMs(length: number): number {
    const nowMs = performance.now();
    if (this.#weather.kind === 'latency') return nowMs + this.#weather.ms;
    if (this.#weather.kind !== 'throttled') return nowMs;
    this.#freeAtMs = Math.max(this.#freeAtMs, nowMs) + (length * 1000) / this.#weather.bytesPerSecond;
    return this.#freeAtMs;
  }

  #bring(): void {
    clearTimeout(this.#timer);
    const isFair = this.#weather.kind === 'fair';
    while (this.#pieces[0] && (isFair || this.#pieces[0].dueAtMs <= performance.now())) {
      if (this.#to.writableNeedDrain) return;
      const { bytes } = this.#pieces.shift() as Piece;
      this.#bytes -= bytes?.length ?? 0;
      if (bytes) this.#to.write(bytes);
      else this.#to.end();
    }
    if (this.#bytes <= UNDER_WAY_BYTES_MAX / 2) this.#from.resume();
    const next = this.#pieces[0];
    if (next) this.#timer = setTimeout(() => this.#bring(), Math.ceil(next.dueAtMs - performance.now()));
  }
}
