/** Cuts the key space of one table pair, asking both servers. */
import type { KeyRange, KeyTuple, TablePlan } from '@rowparity/contracts';
import { axisOf } from '../keys/keyOrder.ts';
import type { Catalog, ProbeKey } from '../ports/catalog.ts';
import { bothSides, mapSides, type Sides } from '../sides.ts';
import { cutByRows } from './cutByRows.ts';
import { cutRange } from './cutRange.ts';

export interface CutContext {
  readonly catalogs: Sides<Catalog>;
  readonly wantedRows: number;
  readonly signal: AbortSignal;
}

export async function cutTable(plan: TablePlan, context: CutContext): Promise<KeyRange[]> {
  const { catalogs, wantedRows, signal } = context;
  const keys = probeKeys(plan);
  const bounds = await bothSides(catalogs, (catalog, side) => catalog.bounds(keys[side], signal));
  const known = [bounds.base, bounds.target].filter((bound) => bound !== undefined);
  if (known.length === 0) return [{ after: null, upTo: null }];
  const axis = axisOf(plan.key[0]?.kind ?? 'text');
  if (!axis) {
    const larger = bounds.base ? 'base' : 'target';
    return cutByRows({
      wantedRows,
      keyBehind: (after, rows) => catalogs[larger].keyBehind(keys[larger], { after, rows }, signal),
    });
  }
  const positions = (of: (bound: { min: KeyTuple; max: KeyTuple }) => KeyTuple) =>
    known.map((bound) => axis.position(of(bound)[0] as string)).sort(ascending);
  return cutRange({
    axis,
    min: positions((bound) => bound.min)[0] as bigint,
    max: positions((bound) => bound.max).at(-1) as bigint,
    wantedRows,
    estimate: async (range) => {
      const rows = await bothSides(catalogs, (catalog, side) =>
        catalog.estimateRows(keys[side], range, signal),
      );
      return Math.max(rows.base, rows.target);
    },
  });
}

function probeKeys(plan: TablePlan): Sides<ProbeKey> {
  return mapSides(plan.tables, ({ schema, table }, side) => ({
    schema,
    table,
    index: plan.indexes[side],
    columns: plan.key.map(({ column, kind }) => ({ kind, name: plan.columns[column]?.names[side] ?? '' })),
  }));
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
