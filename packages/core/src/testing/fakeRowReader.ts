/**
 * A row source in memory, for tests of core alone: rows of one text key and one text value, in one order. It keeps
 * the rules of the port: pages by limits, rows as bytes with a frame of four bytes, keys by exact text.
 */
import { Fault, type KeyRange, type KeyTuple } from '@rowparity/contracts';
import type {
  CountedKeys,
  DigestProbe,
  PageLimits,
  ProbedDigests,
  RangeDigest,
  RowLayout,
  RowPage,
  RowReader,
  RowStream,
  ServerPosition,
  ServerProgress,
  StreamLimits,
} from '../ports/rowSource.ts';

const FRAME_BYTES = 4;

/** Key and value. */
export type FakeRow = readonly [string, string];

export class FakeRowReader implements RowReader {
  readonly rows: Map<string, string>;
  /** Pages and point reads asked for. */
  reads = 0;
  /** Called before every read: may change rows or throw a fault. */
  beforeRead: (() => void) | undefined;
  /** Keys that are stored and not found by their value, as a server does with a date that is none. */
  readonly hiddenKeys = new Set<string>();
  /** The server's digest of rows; tests replace it by a wrong one. */
  digestOf = (rows: readonly FakeRow[]): RangeDigest => ({ rows: rows.length, digest: JSON.stringify(rows) });

  /** Where its server stands. */
  serverPosition: ServerPosition = { uuid: null, serverId: '1', position: { missing: 'a fake has none' } };

  /** The value of a fence: null where there is none. */
  progressValue: string | null = null;

  /** Of the page that was given last and is valid until the next question. */
  #last: Buffer | undefined;

  constructor(rows: Iterable<FakeRow>) {
    this.rows = new Map(rows);
  }

  async readPage(range: KeyRange, limits: PageLimits): Promise<RowPage> {
    this.#count();
    const keys = [...this.rows.keys()].filter((key) => isWithin(key, range)).sort(byCode);
    const kept = this.#fitting(keys, limits);
    return this.#given(this.#page(kept, kept.length === keys.length && kept.length < limits.rows));
  }

  /** Like a server's stream, its rows are of one moment. A fault comes with the page that it hits. */
  stream(range: KeyRange, limits: StreamLimits): RowStream {
    let keys: string[] | undefined;
    let isCut = false;
    const open = () => {
      const all = [...this.rows.keys()].filter((key) => isWithin(key, range)).sort(byCode);
      isCut = all.length >= limits.rows;
      keys = all.slice(0, limits.rows);
      return keys;
    };
    return {
      page: async () => {
        this.#count();
        const left = keys ?? open();
        const page = this.#page(this.#fitting(left, limits.page), false);
        const isAll = page.rows === left.length;
        return { ...page, isComplete: isAll && !isCut, isCut: isAll && isCut };
      },
      take: (rows) => {
        keys = keys?.slice(rows);
      },
      close: async () => {},
    };
  }

  async readKeys(keys: readonly KeyTuple[]): Promise<RowPage> {
    this.#count();
    const found = [...new Set(keys.map(([key]) => key as string))].filter(
      (key) => this.rows.has(key) && !this.hiddenKeys.has(key),
    );
    return this.#given(this.#page(found, true));
  }

  async digests(ranges: readonly KeyRange[]): Promise<readonly RangeDigest[]> {
    this.#count();
    return ranges.map((range) => this.digestOf(this.#rowsIn(range)));
  }

  async probeDigest(range: KeyRange, probe: DigestProbe): Promise<ProbedDigests | undefined> {
    this.#count();
    const slice = this.#rowsIn(range).slice(0, probe.rows);
    const row = slice[probe.row];
    if (!row) return undefined;
    const changed = row.with(probe.column, `${row[probe.column]}'`) as [string, string];
    return {
      truth: this.digestOf(slice),
      again: this.digestOf(slice),
      changed: this.digestOf(slice.with(probe.row, changed)),
      missing: this.digestOf(slice.toSpliced(probe.row, 1)),
      extra: this.digestOf(slice.toSpliced(probe.row, 0, row)),
    };
  }

  async keysBehind(range: KeyRange, { rows, keys }: CountedKeys): Promise<readonly KeyTuple[]> {
    this.#count();
    const all = [...this.rows.keys()].filter((one) => isWithin(one, range)).sort(byCode);
    return all.filter((_, i) => (i + 1) % rows === 0 && i < rows * keys).map((key) => [key]);
  }

  async lastKey(range: KeyRange): Promise<KeyTuple | undefined> {
    this.#count();
    const key = [...this.rows.keys()]
      .filter((one) => isWithin(one, range))
      .sort(byCode)
      .at(-1);
    return key === undefined ? undefined : [key];
  }

  #given(page: RowPage): RowPage {
    this.#spoilLast();
    this.#last = page.bytes;
    return page;
  }

  #spoilLast(): void {
    this.#last?.fill(0);
    this.#last = undefined;
  }

  async position(): Promise<ServerPosition> {
    this.#spoilLast();
    return this.serverPosition;
  }

  async progress(): Promise<ServerProgress> {
    this.#spoilLast();
    const { serverId, uuid } = this.serverPosition;
    return { serverId, uuid, value: this.progressValue };
  }

  broken(found: string): Fault {
    return new Fault('permanent', { code: 'PROTOCOL_BROKEN', message: found });
  }

  forget(): void {}

  async close(): Promise<void> {}

  #rowsIn(range: KeyRange): FakeRow[] {
    return [...this.rows].filter(([key]) => isWithin(key, range)).sort(([a], [b]) => byCode(a, b));
  }

  #count(): void {
    this.reads += 1;
    this.beforeRead?.();
  }

  #fitting(keys: readonly string[], limits: PageLimits): string[] {
    const kept: string[] = [];
    let bytes = 0;
    for (const key of keys.slice(0, limits.rows)) {
      bytes += FRAME_BYTES + this.#content(key).length;
      if (kept.length > 0 && bytes > limits.bytes) break;
      kept.push(key);
    }
    return kept;
  }

  #content(key: string): Buffer {
    return Buffer.from(`${key}\0${this.rows.get(key) ?? ''}`);
  }

  #page(keys: readonly string[], isComplete: boolean): RowPage {
    const bounds: number[] = [];
    const parts: Buffer[] = [];
    let start = 0;
    for (const key of keys) {
      const content = this.#content(key);
      parts.push(Buffer.alloc(FRAME_BYTES, bounds.length / 2), content);
      bounds.push(start + FRAME_BYTES, start + FRAME_BYTES + content.length);
      start += FRAME_BYTES + content.length;
    }
    return {
      rows: keys.length,
      bytes: Buffer.concat(parts),
      bounds: Uint32Array.from(bounds),
      layout: LAYOUT,
      isComplete,
    };
  }
}

function isWithin(key: string, { after, upTo }: KeyRange): boolean {
  return (
    (after === null || byCode(key, after[0] as string) > 0) &&
    (upTo === null || byCode(key, upTo[0] as string) <= 0)
  );
}

/** By UTF-16 code units: any total order works. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** A key, a zero byte, and the value. */
const LAYOUT: RowLayout = {
  keyAt: ({ bytes, bounds }, row) => {
    const [key = ''] = bytes.toString('utf8', bounds[2 * row], bounds[2 * row + 1]).split('\0');
    return [key];
  },
  valuesAt: ({ bytes, bounds }, row) => {
    const content = bytes.subarray(bounds[2 * row], bounds[2 * row + 1]);
    const split = content.indexOf(0);
    return [content.subarray(0, split), content.subarray(split + 1)];
  },
  spansAt: ({ bytes, bounds }, row) => {
    const [start = 0, end = 0] = bounds.subarray(2 * row);
    const split = bytes.indexOf(0, start);
    return [start, split, split + 1, end];
  },
  typed: (values, columns) =>
    values.map((value, i) =>
      value && columns.includes(i) ? { kind: 'text', text: value.toString('utf8') } : null,
    ),
};
