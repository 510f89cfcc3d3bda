/**
 * The self-test of a shard: it plants differences in a copy of a few rows that were read, and the comparison must find
 * exactly these. So every shard shows that its comparison detects a changed row, a missing one and an extra one. The
 * self-test writes nothing and sends no event. Rows, places and bytes follow from run and shard, so that a miss can be
 * reproduced. digestRecall.ts tests rows that are not read.
 */
import type { Counts, TablePlan } from '@rowparity/contracts';
import { type Draw, seededDraws } from '../hashing/draws.ts';
import { keyText } from '../keys/keyOrder.ts';
import type { RowPage } from '../ports/rowSource.ts';
import { keyAt, valuesAt } from '../rows/rowPage.ts';
import type { Sides } from '../sides/sides.ts';
import type { Candidate } from './candidate.ts';
import { comparePage, type PageReader } from './comparePage.ts';

/** Rows that are copied: enough to plant among, few enough to cost nothing beside a page. */
const SLICE_ROWS = 16;
/** Bytes of these rows. A single row that is larger is not copied: it is only planted as missing. */
const SLICE_BYTES_MAX = 1024 * 1024;
/** The first page with rows is probed, and then one in this many. */
const PAGES_A_PROBE = 16;

type Plant = 'changed' | 'missing' | 'extra';
const PLANTS: readonly Plant[] = ['changed', 'missing', 'extra'];

export interface RecallInput {
  readonly runId: string;
  readonly shard: number;
  readonly plan: TablePlan;
  readonly readers: Sides<PageReader>;
  /** For tests: another comparison, whose misses must be noticed. */
  readonly compare?: typeof comparePage;
}

export class Recall {
  readonly #input: RecallInput;
  #pages = 0;

  constructor(input: RecallInput) {
    this.#input = input;
  }

  /**
   * What was planted in a copy of these pages, and how much was found. A find that was not planted counts as a miss.
   */
  probe(pages: Sides<RowPage>): Pick<Counts, 'planted' | 'caught'> {
    const nothing = { planted: 0, caught: 0 };
    if (pages.base.rows === 0 && pages.target.rows === 0) return nothing;
    this.#pages += 1;
    if ((this.#pages - 1) % PAGES_A_PROBE !== 0) return nothing;
    const draw = seededDraws(`${this.#input.runId} ${this.#input.shard} ${this.#pages}`);
    const preferred = draw(2) === 0 ? 'base' : 'target';
    const side = pages[preferred].rows > 0 ? preferred : preferred === 'base' ? 'target' : 'base';
    return this.#plant(pages[side], this.#input.readers[side], draw);
  }

  #plant(
    page: RowPage,
    reader: RecallInput['readers']['base'],
    draw: Draw,
  ): Pick<Counts, 'planted' | 'caught'> {
    const { plan, compare = comparePage } = this.#input;
    const slice = sliceOf(page, draw);
    if (rowEnd(page, slice.at(-1) as number) - rowStart(page, slice[0] as number) > SLICE_BYTES_MAX) {
      return this.#plantMissing(page, reader, slice[0] as number);
    }
    const count = slice.length;
    const rows = [...slice];
    const planted = new Map<number, Plant>();
    const turn = draw(PLANTS.length);
    for (let i = 0; i < Math.min(PLANTS.length, count); i += 1) {
      const plant = PLANTS[(turn + i) % PLANTS.length] as Plant;
      const row = rows.splice(draw(rows.length), 1)[0] as number;
      const isChangeable = plant !== 'changed' || changeableByte(page, row, plan) !== undefined;
      planted.set(row, isChangeable ? plant : 'missing');
    }
    const base = copyOf(
      page,
      slice.filter((row) => planted.get(row) !== 'extra'),
    );
    const kept = slice.filter((row) => planted.get(row) !== 'missing');
    const target = copyOf(page, kept);
    for (const [place, row] of kept.entries()) {
      if (planted.get(row) !== 'changed') continue;
      const offset = (changeableByte(page, row, plan) as number) - rowStart(page, row);
      (target.bytes[rowStart(target, place) + offset] as number) ^= 1;
    }
    const { candidates } = compare({ base, target }, { base: reader, target: reader }, plan);
    return tally(
      candidates,
      [...planted].map(([row, plant]) => `${plant} ${keyText(keyAt(page, row))}`),
    );
  }

  #plantMissing(
    page: RowPage,
    reader: RecallInput['readers']['base'],
    row: number,
  ): Pick<Counts, 'planted' | 'caught'> {
    const { plan, compare = comparePage } = this.#input;
    const pages = { base: viewOf(page, row), target: copyOf(page, []) };
    const { candidates } = compare(pages, { base: reader, target: reader }, plan);
    return tally(candidates, [`missing ${keyText(keyAt(page, row))}`]);
  }
}

/** Consecutive rows. */
function sliceOf(page: RowPage, draw: Draw): readonly number[] {
  const count = Math.min(SLICE_ROWS, page.rows);
  const first = draw(page.rows - count + 1);
  const fits = (row: number) => rowEnd(page, row) - rowStart(page, first) <= SLICE_BYTES_MAX;
  return Array.from({ length: count }, (_, i) => first + i).filter((row, i) => i === 0 || fits(row));
}

function tally(
  candidates: readonly Candidate[],
  names: readonly string[],
): Pick<Counts, 'planted' | 'caught'> {
  const wanted = new Set(names);
  const hits = new Set(candidates.map(nameOf).filter((name) => wanted.has(name))).size;
  return { planted: wanted.size, caught: Math.max(0, hits - (candidates.length - hits)) };
}

function nameOf({ key, seen }: Candidate): string {
  const plant: Plant = seen.base && seen.target ? 'changed' : seen.base ? 'missing' : 'extra';
  return `${plant} ${keyText(key)}`;
}

/** The place of a content byte that no rule ignores and no key depends on. */
function changeableByte(page: RowPage, row: number, plan: TablePlan): number | undefined {
  const keys = new Set(plan.key.map(({ column }) => column));
  const value = valuesAt(page, row).find(
    (one, i) => one !== null && one.length > 0 && !keys.has(i) && plan.columns[i]?.rules.length === 0,
  );
  return value ? value.byteOffset - page.bytes.byteOffset : undefined;
}

/** With its frame. */
function rowStart(page: RowPage, row: number): number {
  return row === 0 ? 0 : (page.bounds[2 * row - 1] as number);
}

function rowEnd(page: RowPage, row: number): number {
  return page.bounds[2 * row + 1] as number;
}

function viewOf(page: RowPage, row: number): RowPage {
  const start = rowStart(page, row);
  const bounds = Uint32Array.from(
    [page.bounds[2 * row] as number, rowEnd(page, row)],
    (bound) => bound - start,
  );
  return { ...page, rows: 1, bytes: page.bytes.subarray(start, rowEnd(page, row)), bounds, isComplete: true };
}

function copyOf(page: RowPage, rows: readonly number[]): RowPage {
  const parts = rows.map((row) => page.bytes.subarray(rowStart(page, row), page.bounds[2 * row + 1]));
  const bounds = new Uint32Array(2 * rows.length);
  let end = 0;
  for (const [i, row] of rows.entries()) {
    const start = rowStart(page, row);
    bounds[2 * i] = end + (page.bounds[2 * row] as number) - start;
    bounds[2 * i + 1] = end + (page.bounds[2 * row + 1] as number) - start;
    end = bounds[2 * i + 1] as number;
  }
  return { ...page, rows: rows.length, bytes: Buffer.concat(parts), bounds, isComplete: true };
}
