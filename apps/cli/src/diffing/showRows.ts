/** Reads the wanted rows on both sides and shows what differs now. Values go to the answer, and nowhere else. */
import { type Direction, directionOf, type RunSpec, type TablePlan } from '@rowparity/contracts';
import { explainRow, keyOfEvent, mapSides, type Sides } from '@rowparity/core';
import type { ReadableRows } from '@rowparity/mysql';
import { draftSpec } from '../checking/chooseRun.ts';
import type { Databases } from '../checking/databases.ts';
import { dryRunPlan } from '../checking/dryRunPlan.ts';
import type { SpecTexts } from '../checking/specOptions.ts';
import { UsageError } from '../usage/usageError.ts';
import type { ShownRow, SidePlaces } from './rowLines.ts';
import { ONLY_COLUMN, type WantedRow } from './wantedRows.ts';

export interface ShowDeps {
  readonly databases: Databases;
  readonly signal: AbortSignal;
}

export interface RowsOfDirection {
  readonly side: Direction;
  readonly rows: readonly WantedRow[];
  readonly texts: SpecTexts;
}

/** A spec of the tables of these rows. */
export function specOfRows(
  { side, rows, texts }: RowsOfDirection,
  refs: { readonly source: string; readonly destination: string },
): RunSpec {
  const tables = [...new Set(rows.map(({ table }) => table))].join(',');
  // `--key` names columns in a spec, and values here.
  const asked = { ...texts, key: undefined, tables, direction: side, allowSame: true };
  return draftSpec({ texts: asked, refs, database: 'rows', now: 0 });
}

/** Rows of one direction: the spec has it, and the tables. Throws a UsageError for a table that cannot be planned. */
export async function* readRows(
  spec: RunSpec,
  wanted: readonly WantedRow[],
  deps: ShowDeps,
): AsyncGenerator<ShownRow, void, void> {
  const plans = await plansOf(spec, deps);
  for (const [table, rows] of Map.groupBy(wanted, (row) => row.table)) {
    const plan = plans.get(table);
    if (!plan) throw new UsageError(`table ${table}: it is not there, or no pattern of --tables finds it`);
    const readers = deps.databases.readableRows(spec, plan);
    try {
      for (const row of rows) yield await readRow(row, { spec, plan, readers, signal: deps.signal });
    } finally {
      await Promise.all([readers.base.close(), readers.target.close()]);
    }
  }
}

export async function plansOf(spec: RunSpec, deps: ShowDeps): Promise<ReadonlyMap<string, TablePlan>> {
  return dryRunPlan(spec, deps, (run) => {
    const plans = new Map<string, TablePlan>();
    for (const { name, plan, refusal } of run.tables) {
      if (refusal) throw new UsageError(`table ${name}: ${refusal.code}: ${refusal.message}`);
      if (plan) plans.set(name, plan);
    }
    return plans;
  });
}

interface Planned {
  readonly spec: RunSpec;
  readonly plan: TablePlan;
  readonly readers: Sides<ReadableRows>;
  readonly signal: AbortSignal;
}

async function readRow(wanted: WantedRow, { spec, plan, readers, signal }: Planned): Promise<ShownRow> {
  const key = keyOf(wanted, plan);
  const names = plan.key.map(({ column }) => plan.columns[column]?.names.base ?? '');
  const { base, target } = await bothRows(readers, key, signal);
  const differences = base && target ? explainRow(plan, { base, target }) : [];
  return {
    ...{ table: wanted.table, plan, differences, places: placesOf(directionOf(spec)) },
    key: names.map((name, i) => `${name}=${key[i]}`).join(', '),
    typed: mapSides({ base, target }, (row) => row?.typed),
  };
}

async function bothRows(
  readers: Sides<ReadableRows>,
  key: readonly string[],
  signal: AbortSignal,
): Promise<Sides<Awaited<ReturnType<ReadableRows['read']>>>> {
  const [base, target] = await Promise.all([
    readers.base.read(key, signal),
    readers.target.read(key, signal),
  ]);
  return { base, target };
}

export function keyOf({ table, event }: WantedRow, plan: TablePlan): readonly string[] {
  const only = event.Key?.[ONLY_COLUMN];
  const name = plan.columns[plan.key[0]?.column ?? 0]?.names.base ?? '';
  const named = only === undefined ? event : { ...event, Key: { [name]: only } };
  const key = plan.key.length > 1 && only !== undefined ? undefined : keyOfEvent(plan, named);
  const wrong = key?.find((text, i) => isNumber(plan.key[i]?.kind) && !NUMBER.test(text));
  if (wrong !== undefined)
    throw new UsageError(`table ${table}: expected a number in the key, found "${wrong}"`);
  if (key) return key;
  const columns = plan.key.map(({ column }) => plan.columns[column]?.names.base).join(', ');
  const expected =
    columns === '' ? 'it has no key to read rows by' : `expected a value for each of ${columns}`;
  throw new UsageError(`table ${table}: the key of a row is not that of the table: ${expected}`);
}

const NUMBER = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;

function isNumber(kind: string | undefined): boolean {
  return kind === 'integer' || kind === 'decimal' || kind === 'double';
}

export function placesOf(direction: Direction): SidePlaces {
  return direction === 'SRC'
    ? { base: 'source', target: 'destination' }
    : { base: 'destination', target: 'source' };
}
