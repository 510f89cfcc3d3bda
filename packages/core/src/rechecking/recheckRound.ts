/**
 * Reads candidates again by key on both sides and decides what each has become. The servers match the keys, so keys
 * that are equal under a collation but not in bytes ('abc', 'ABC') are compared with each other here.
 */
import type { DifferenceCause, KeyKind, KeyTuple, TablePlan } from '@rowparity/contracts';
import type { Candidate } from '../comparing/candidate.ts';
import { explainColumns } from '../explaining/explainRow.ts';
import { isFoundByText, isSameKey } from '../keys/keyOrder.ts';
import type { ColumnValue, RowReader } from '../ports/rowSource.ts';
import { compareColumns } from '../rows/compareColumns.ts';
import { differingValues, type PlacedRow } from '../rows/differingValues.ts';
import { rowAt } from '../rows/rowPage.ts';
import { isSameSeen, type SeenRow, seenRow } from '../rows/seenRow.ts';
import { bothSides, mapSides, SIDES, type Side, type Sides } from '../sides/sides.ts';

/**
 * What one side has for a candidate's key: the row, and the key as that side spells it. The row is valid until the
 * reader is asked again, unless it was kept.
 */
export interface Reading extends PlacedRow {
  readonly key: KeyTuple;
}

/** What remains of a reading. */
export interface SeenReading {
  readonly key: KeyTuple;
  readonly seen: SeenRow;
}

/** Still different. */
export interface Different {
  readonly kind: 'different';
  readonly now: Sides<SeenReading | null>;
  /** Columns that no rule makes equal, where both sides have a row. */
  readonly columns: readonly DifferingColumn[];
  /** Sides that have not changed since the last reading. */
  readonly isStill: Sides<boolean>;
}

export interface DifferingColumn {
  /** Of the base. */
  readonly name: string;
  /** A digest of the two values; empty where they are not followed. */
  readonly values: string;
  /** At a look that may be the last one. */
  readonly cause?: DifferenceCause | undefined;
}

export type Finding =
  /**
   * The sides agree now, in bytes or by a rule of the plan, or none of them has a row; which of them have not changed
   * since the last reading.
   */
  | { readonly kind: 'converged'; readonly isStill: Sides<boolean>; readonly isAbsent: boolean }
  | Different
  /** Another candidate, of the base's own spelling of the key, reports this row. */
  | { readonly kind: 'duplicate' };

/**
 * For every key, in order, what the server has for it; undefined when that is more than is held at once, which a single
 * key never is. Transient faults are retried inside.
 */
export type Locate = (reader: RowReader, keys: ListOf<KeyTuple>, side: Side) => Promise<Located | undefined>;

/** An array, or a list whose members are made when they are asked for. */
export interface ListOf<T> {
  readonly length: number;
  at(place: number): T | undefined;
}

/** The reading of the key in this place, each asked for once and in order. */
export type Readings = (place: number) => Reading | undefined;

/** What the servers have for keys: they are asked for them by value, or for a range that must hold them. */
export interface Located {
  readonly readings: Readings;
  /** The whole range was read: a key that is not among its rows is not there. */
  readonly isWholeRange: boolean;
  /** Every row of the range has the bytes of the look before, so no row needs a digest to tell. */
  readonly isAsBefore?: boolean;
}

export interface RecheckDeps {
  readonly plan: TablePlan;
  readonly readers: Sides<RowReader>;
  readonly locate: Locate;
  /** Looks for the candidates of these places in all rows of the ranges that they were seen in. */
  findInRanges(reader: RowReader, places: readonly number[]): Promise<readonly (Reading | undefined)[]>;
  /** Whether this look may be the last one at a candidate: then what differs is explained. */
  mayEnd?(place: number): boolean;
  /** Whether the values of a candidate's columns are followed from look to look; so they are when left out. */
  isFollowed?(place: number): boolean;
}

/** Candidates whose rows have been read on both sides. The rows are held until it is closed. */
export interface Round {
  /** Of the candidates from `from` up to `upTo`; all of them are asked for once and in order. */
  findings(from: number, upTo: number): Finding[];
  close(): void;
}

/** Undefined when these candidates have more rows than can be held at once: then the caller asks for fewer. */
export async function openRound(
  candidates: ListOf<Candidate>,
  deps: RecheckDeps,
): Promise<Round | undefined> {
  const keys = { length: candidates.length, at: (place: number) => candidates.at(place)?.key };
  const { base, target } = await bothSides(deps.readers, async (reader, side) => {
    const located = await deps.locate(reader, keys, side);
    if (!located || located.isWholeRange) return located;
    const readings = await withProvenAbsence(located.readings, { candidates, side, reader }, deps);
    return { ...located, readings };
  });
  const close = () => {
    for (const side of SIDES) deps.readers[side].forget();
  };
  if (!base || !target) {
    close();
    return undefined;
  }
  const isAsBefore = { base: base.isAsBefore === true, target: target.isAsBefore === true };
  const findingAt = (place: number) =>
    judge(
      candidates.at(place) as Candidate,
      { base: base.readings(place) ?? null, target: target.readings(place) ?? null },
      {
        isAsBefore,
        plan: deps.plan,
        isExplained: deps.mayEnd?.(place) === true,
        isFollowed: deps.isFollowed?.(place) !== false,
      },
    );
  return {
    findings: (from, upTo) => Array.from({ length: upTo - from }, (_, i) => findingAt(from + i)),
    close,
  };
}

/** The same at once, for candidates that are few. */
export async function recheckRound(
  candidates: readonly Candidate[],
  deps: RecheckDeps,
): Promise<Finding[] | undefined> {
  const round = await openRound(candidates, deps);
  try {
    return round?.findings(0, candidates.length);
  } finally {
    round?.close();
  }
}

interface Asked {
  readonly candidates: ListOf<Candidate>;
  readonly side: Side;
  readonly reader: RowReader;
}

/**
 * A missing answer to a point read proves nothing: the server has just sent the row, or stores the key in a form that
 * no value matches. The range of the candidate is read again, and that decides.
 */
async function withProvenAbsence(
  readings: Located['readings'],
  { candidates, side, reader }: Asked,
  { plan, findInRanges }: RecheckDeps,
): Promise<Located['readings']> {
  const kinds = plan.key.map(({ kind }) => kind);
  const isDoubtful = ({ key, seen }: Candidate) =>
    seen[side] !== null || !key.every((text, i) => isFoundByText(kinds[i] as KeyKind, text));
  const all = Array.from({ length: candidates.length }, (_, place) => readings(place));
  const places = [...all.keys()].filter(
    (place) => all[place] === undefined && isDoubtful(candidates.at(place) as Candidate),
  );
  if (places.length === 0) return (place) => all[place];
  const kept = all.map((reading) => reading && keptReading(reading));
  const found = new Map((await findInRanges(reader, places)).map((reading, i) => [places[i], reading]));
  return (place) => kept[place] ?? found.get(place);
}

/** With the row's bytes beyond the life of their page. */
export function keptReading(reading: Reading): Reading {
  const { key, page, row, layout } = reading;
  const bytes = Buffer.from(rowAt(page, row));
  return { key, layout, page: { bytes, bounds: Uint32Array.of(0, bytes.length) }, row: 0 };
}

interface Judging {
  readonly isAsBefore: Sides<boolean>;
  readonly plan: TablePlan;
  readonly isExplained: boolean;
  readonly isFollowed: boolean;
}

function judge(candidate: Candidate, now: Sides<Reading | null>, how: Judging): Finding {
  if (now.base && candidate.seen.base === null && !isSameKey(now.base.key, candidate.key)) {
    return { kind: 'duplicate' };
  }
  const seen = mapSides(now, (reading, side) => {
    const before = how.isAsBefore[side] ? candidate.seen[side] : null;
    return reading && { key: reading.key, seen: before ?? seenRow(rowAt(reading.page, reading.row)) };
  });
  const isStill = mapSides(seen, (reading, side) => isSeenAgain(candidate, side, reading));
  const isAbsent = now.base === null && now.target === null;
  if (isAbsent || isSameRow(now)) return { kind: 'converged', isStill, isAbsent };
  const columns = now.base && now.target ? differingColumns({ base: now.base, target: now.target }, how) : [];
  if (now.base && now.target && columns.length === 0) return { kind: 'converged', isStill, isAbsent };
  return { kind: 'different', now: seen, columns, isStill };
}

function differingColumns(rows: Sides<Reading>, how: Judging): readonly DifferingColumn[] {
  const { plan, isExplained, isFollowed } = how;
  const values = differingValues(rows);
  const names = compareColumns(plan, values).columns;
  const columns = placesOf(names, plan);
  const causes = isExplained ? causesOf({ rows, values }, columns, plan) : [];
  return columns.map((column, i) => {
    const [base, target] = [values.base[column] ?? null, values.target[column] ?? null];
    const digests = isFollowed ? `${digestOf(base)} ${digestOf(target)}` : '';
    return { name: names[i] as string, values: digests, cause: causes[i] };
  });
}

/** Names are in the order of the plan. */
function placesOf(names: readonly string[], plan: TablePlan): number[] {
  const places: number[] = [];
  for (let i = 0; i < plan.columns.length && places.length < names.length; i += 1) {
    if (plan.columns[i]?.names.base === names[places.length]) places.push(i);
  }
  return places;
}

/** Of each of these columns. */
function causesOf(
  { rows, values }: { readonly rows: Sides<Reading>; readonly values: Sides<readonly ColumnValue[]> },
  columns: readonly number[],
  plan: TablePlan,
): readonly DifferenceCause[] {
  const typed = mapSides(rows, ({ layout }, side) => layout.typed(values[side], columns));
  return explainColumns(plan, columns, typed).map(({ cause }) => cause);
}

function digestOf(value: ColumnValue): string {
  return value === null ? 'NULL' : seenRow(value).digest;
}

/** A row that was missing under this spelling of its key and exists under another has not moved. */
function isSeenAgain(candidate: Candidate, side: Side, now: SeenReading | null): boolean {
  const seen = candidate.seen[side];
  if (seen === null && now !== null && !isSameKey(now.key, candidate.key)) return true;
  return isSameSeen(seen, now?.seen ?? null);
}

function isSameRow({ base, target }: Sides<PlacedRow | null>): boolean {
  if (!base || !target) return false;
  const [start, end] = boundsOf(base);
  const [otherStart, otherEnd] = boundsOf(target);
  if (end - start !== otherEnd - otherStart) return false;
  return base.page.bytes.compare(target.page.bytes, otherStart, otherEnd, start, end) === 0;
}

function boundsOf({ page: { bounds }, row }: PlacedRow): readonly [number, number] {
  return [bounds[2 * row] as number, bounds[2 * row + 1] as number];
}
