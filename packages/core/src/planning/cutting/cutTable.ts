/** Cuts the key space of one table pair, asking both servers. */
import type { KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import { axisOf } from '../../keys/keyOrder.ts';
import type { Catalog, ProbeKey } from '../../ports/catalog.ts';
import { bothSides, mapSides, type Side, type Sides } from '../../sides/sides.ts';
import { cutRange, type MeasuredRange } from './cutRange.ts';
import { cutByCount, cutText } from './cutText.ts';

/** A range of this many times the wanted rows is divided by counting. */
const UNDIVIDED_MAX = 3;

export interface CutDeps {
  readonly catalogs: Sides<Catalog>;
  readonly wantedRows: number;
  readonly signal: AbortSignal;
}

export async function cutTable(plan: TablePlan, deps: CutDeps): Promise<KeyRange[]> {
  const { catalogs, wantedRows, signal } = deps;
  // Without an order to read by, each shard would sort the whole table.
  if (plan.indexes.base === null || plan.indexes.target === null) return [{ after: null, upTo: null }];
  const keys = mapSides(plan.tables, (_, side): ProbeKey => ({ plan, side }));
  const bounds = await bothSides(catalogs, (catalog, side) => catalog.bounds(keys[side], signal));
  const known = [bounds.base, bounds.target].filter((bound) => bound !== undefined);
  if (known.length === 0) return [{ after: null, upTo: null }];
  const estimate = async (range: KeyRange) => {
    const rows = await bothSides(catalogs, (catalog, side) =>
      catalog.estimateRows(keys[side], range, signal),
    );
    return Math.max(rows.base, rows.target);
  };
  // Real keys are asked for where there are more of them.
  const larger = await largerSide(deps, keys);
  const asked = { catalog: catalogs[larger], key: keys[larger] };
  const keyBehind = (range: KeyRange, rows: number) =>
    asked.catalog.keyBehind(asked.key, { range, rows }, signal);
  const axis = axisOf(plan.key[0]?.kind ?? 'text');
  if (!axis) {
    const { min, max } = bounds[larger] ?? (known[0] as Bounds);
    const keyFrom = (range: KeyRange, from: string) =>
      asked.catalog.keyFrom(asked.key, { range, from }, signal);
    return cutText({ min, max, wantedRows, estimate, keyFrom, keyBehind });
  }
  const positions = (boundOf: (bound: Bounds) => KeyTuple) =>
    known.map((bound) => axis.position(boundOf(bound)[0] as string)).sort(ascending);
  const min = positions((bound) => bound.min)[0] as bigint;
  const max = positions((bound) => bound.max).at(-1) as bigint;
  const ranges = await cutRange({ axis, min, max, wantedRows, estimate });
  // One value of the first column of a composite key may have more rows than a shard should.
  const isTooLarge = ({ rows }: MeasuredRange) => plan.key.length > 1 && rows > wantedRows * UNDIVIDED_MAX;
  const parts = ranges.map((range) =>
    isTooLarge(range) ? cutByCount({ wantedRows, keyBehind }, range) : [range],
  );
  return (await Promise.all(parts)).flat().map(({ after, upTo }) => ({ after, upTo }));
}

interface Bounds {
  readonly min: KeyTuple;
  readonly max: KeyTuple;
}

async function largerSide({ catalogs, signal }: CutDeps, keys: Sides<ProbeKey>): Promise<Side> {
  const everything = { after: null, upTo: null };
  const rows = await bothSides(catalogs, (catalog, side) =>
    catalog.estimateRows(keys[side], everything, signal),
  );
  return rows.base >= rows.target ? 'base' : 'target';
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
