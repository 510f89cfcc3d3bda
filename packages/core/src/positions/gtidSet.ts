/**
 * MySQL's sets of transactions: `uuid:1-5:7,uuid:tag:1-3`, of each source closed intervals of numbers.
 * https://dev.mysql.com/doc/refman/9.7/en/replication-gtids-concepts.html
 */

interface Interval {
  readonly first: bigint;
  readonly last: bigint;
}

/** By source: its uuid, with the tag where there is one. */
export type GtidSet = ReadonlyMap<string, readonly Interval[]>;

const INTERVAL = /^(\d+)(?:-(\d+))?$/;
const TAG = /^[a-z_][a-z0-9_]{0,31}$/;
const UUID = /^[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/;

/** Undefined for what is no such set. Intervals come sorted and apart from each other. */
export function readGtidSet(text: string): GtidSet | undefined {
  const sets = new Map<string, Interval[]>();
  for (const part of text.toLowerCase().replace(/\s/g, '').split(',')) {
    if (part === '') continue;
    if (!readSource(part, sets)) return undefined;
  }
  return new Map([...sets].map(([source, intervals]) => [source, merged(intervals)]));
}

function readSource(text: string, sets: Map<string, Interval[]>): boolean {
  const [uuid = '', ...parts] = text.split(':');
  if (!UUID.test(uuid) || parts.length === 0) return false;
  let source = plain(uuid);
  for (const part of parts) {
    const [, first, last = first] = INTERVAL.exec(part) ?? [];
    if (first !== undefined && last !== undefined) {
      const intervals = sets.get(source) ?? [];
      sets.set(source, [...intervals, { first: BigInt(first), last: BigInt(last) }]);
    } else if (TAG.test(part)) source = `${plain(uuid)}:${part}`;
    else return false;
  }
  return true;
}

function merged(intervals: readonly Interval[]): Interval[] {
  const result: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => (a.first < b.first ? -1 : 1))) {
    const before = result.at(-1);
    if (!before || next.first > before.last + 1n) result.push(next);
    else if (next.last > before.last) result[result.length - 1] = { first: before.first, last: next.last };
  }
  return result;
}

/** Whether it has transactions of that server, under any tag. */
export function hasSource(set: GtidSet, uuid: string): boolean {
  return [...set.keys()].some((source) => isOfServer(source, uuid));
}

/** A source is a server, with a tag or without. `server` may have a tag too, which does not count. */
export function isOfServer(source: string, server: string): boolean {
  return serverOf(source) === serverOf(server);
}

function serverOf(source: string): string {
  const [uuid = ''] = source.toLowerCase().split(':');
  return plain(uuid);
}

function plain(uuid: string): string {
  return uuid.replaceAll('-', '');
}

/** How many transactions `other` has that `set` has not. */
export function countLacking(set: GtidSet, other: GtidSet): bigint {
  let lacking = 0n;
  for (const [source, intervals] of other) {
    const own = set.get(source) ?? [];
    lacking += sizeOf(merged([...own, ...intervals])) - sizeOf(own);
  }
  return lacking;
}

function sizeOf(intervals: readonly Interval[]): bigint {
  return intervals.reduce((sum, { first, last }) => sum + last - first + 1n, 0n);
}
