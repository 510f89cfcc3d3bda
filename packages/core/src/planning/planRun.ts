/**
 * Plans a run: finds its table pairs, decides how each is compared, cuts shards over the key ranges of both sides
 * with open ends, and writes the plan to the ledger. Planning after a crash starts anew: no shard of an unfinished plan
 * is worked on, and another process that still plans the same run is fenced.
 */
import {
  type ChangedSince,
  type Direction,
  type Failure,
  Fault,
  failureOf,
  type InRoles,
  type KeyRange,
  type RuleName,
  type RunHeader,
  type TablePlan,
  type TableRecord,
} from '@rowparity/contracts';
import { type Described, describePairs, groupsOf, PAIRS_A_QUESTION } from '../catalogs/describePairs.ts';
import { type CatalogDeps, roleCatalogs } from '../catalogs/roleCatalogs.ts';
import { schemaHashes } from '../catalogs/schemaHashes.ts';
import { sideBySide } from '../catalogs/sideBySide.ts';
import { sideDifferences } from '../catalogs/sideDifferences.ts';
import { isOfOneTable } from '../catalogs/tableFault.ts';
import { type AskingDeps, countAsked } from '../catalogs/tablesAsked.ts';
import { PLAN_RETRY } from '../faults/retry.ts';
import { unknownRun } from '../ledgering/refusals.ts';
import type { Catalog, CatalogTable } from '../ports/catalog.ts';
import type { Planning, PlanStore, PlanWriteResult } from '../ports/ledger.ts';
import { expectFence } from '../positions/expectFence.ts';
import { byPlace, byRole } from '../sides/roles.ts';
import { bothSides, mapSides, SIDES, type Sides } from '../sides/sides.ts';
import { inPlaces } from '../sides/turnedPlan.ts';
import { cutTable } from './cutting/cutTable.ts';
import { cutBuckets } from './pairing/multisetPlan.ts';
import { planTable } from './pairing/planTable.ts';
import { tableOptionsOf } from './pairing/tableOptionsOf.ts';
import { FollowingPlanWriter, PlanWriter } from './planWriter.ts';
import { planRerun, type RerunReadings, readBaseRun } from './rerun/planRerun.ts';
import { outOfSight } from './selecting/outOfSight.ts';
import { expectNotItself } from './selecting/sameDatabase.ts';
import { type SelectedTable, selectTables } from './selecting/selectTables.ts';
import { WideExclusions } from './selecting/wideExclusions.ts';

/** Tables that are planned side by side: enough to hide the round trip, few enough for a production server. */
const TABLES_AT_ONCE = 8;
/**
 * By its statistics a table is one shard if it has at most this share of the wanted rows: they may be too low by half.
 */
const ONE_SHARD_SHARE = 0.5;

export interface PlanningDeps extends CatalogDeps, AskingDeps {
  readonly ledger: PlanStore & RerunReadings;
}

/** Any answer but `written`: another process plans the run, or the run is over. This plan is dropped. */
export async function planRun(
  { run, planning }: { readonly run: RunHeader; readonly planning: Planning },
  deps: PlanningDeps,
  signal: AbortSignal,
): Promise<PlanWriteResult> {
  const { runId, direction } = run;
  const spec = await deps.ledger.getSpec(runId);
  if (!spec) throw unknownRun(runId);
  const catalogs = roleCatalogs({ spec, direction }, deps, { policy: PLAN_RETRY, signal });
  // Before any row is read: all rows up to these positions are in what is compared.
  const identities = await bothSides(catalogs, (catalog) => catalog.identify(signal));
  await expectFence({ fence: spec.recheck.fence, direction, catalogs }, signal);
  const listings = await bothSides(catalogs, (catalog) => catalog.list(signal));
  const servers = mapSides(identities, (identity, side) => {
    const left = outOfSight(listings[side], spec.tables);
    return left ? { ...identity, outOfSight: left } : identity;
  });
  const selected = selectTables(spec.tables, byPlace(listings, direction));
  if (!spec.allowSame) await expectNotItself(selected, { servers, catalogs }, signal);
  if (spec.basedOn) {
    const seen = { servers: byPlace(servers, direction), selected, catalogs };
    return planRerun({ run, planning, spec, basedOn: spec.basedOn }, seen, { ...deps, signal });
  }
  const { rulesOff, excludeColumns = [], changedSince } = spec;
  const wide = new WideExclusions(spec);
  const pairDeps = {
    direction,
    catalogs,
    rows: spec.shard.rows,
    rulesOff,
    excludeColumns,
    changedSince,
    wide,
    onPlanned: countAsked('planning', selected.length, deps),
  };
  const { of } = spec.known;
  const plan =
    of === undefined
      ? new PlanWriter(planning, deps.ledger)
      : new FollowingPlanWriter(planning, await readBaseRun(of, deps.ledger), { ...deps, signal });
  for (const group of groupsOf(selected, PAIRS_A_QUESTION)) {
    for (const [i, planned] of (await planGroup(group, pairDeps, signal)).entries()) {
      signal.throwIfAborted();
      const { source, destination } = group[i] as SelectedTable;
      const table = inPlaces<PlacedRecord>(planned.record, direction);
      const written = await plan.add({ names: { source, destination }, ...table }, planned.ranges);
      if (written.kind !== 'written') return written;
    }
  }
  wide.expectFound();
  const written = await plan.end();
  if (written.kind !== 'written') return written;
  signal.throwIfAborted();
  const { tables } = plan;
  return deps.ledger.completePlan(planning, {
    ...{ tables, servers: byPlace(servers, direction), now: deps.clock.now() },
  });
}

interface PairDeps {
  readonly direction: Direction;
  readonly catalogs: Sides<Catalog>;
  readonly rows: number;
  readonly rulesOff: readonly RuleName[];
  readonly excludeColumns: readonly string[];
  readonly changedSince: ChangedSince | undefined;
  readonly wide: WideExclusions;
  onPlanned(): void;
}

type PlacedRecord = Pick<TableRecord, 'plan' | 'refusal' | 'estimatedRows' | 'schemas' | 'differences'>;

interface PlannedPair {
  readonly record: InRoles<PlacedRecord>;
  readonly ranges: readonly KeyRange[];
}

/** In the order of the tables. */
async function planGroup(
  group: readonly SelectedTable[],
  pairDeps: PairDeps,
  signal: AbortSignal,
): Promise<readonly PlannedPair[]> {
  const asked = group.filter(({ refusal }) => !refusal).map((table) => namesOf(table, pairDeps));
  const described = await describePairs(asked, pairDeps.catalogs, signal);
  return sideBySide(TABLES_AT_ONCE, group, (table) =>
    planPair(table, { ...pairDeps, described }, signal)
      .catch((error: unknown) => {
        signal.throwIfAborted();
        return refusedByFault(table, error, pairDeps);
      })
      .finally(pairDeps.onPlanned),
  );
}

function namesOf({ source, destination }: SelectedTable, { direction }: PairDeps): Sides<string> {
  return byRole({ source, destination }, direction);
}

async function planPair(
  table: SelectedTable,
  pairDeps: PairDeps & { readonly described: Described },
  signal: AbortSignal,
): Promise<PlannedPair> {
  if (table.refusal) {
    pairDeps.wide.noteUnseen();
    return refused(table.refusal);
  }
  const { base, target } = await pairDeps.described(namesOf(table, pairDeps));
  if (!base || !target) {
    pairDeps.wide.noteUnseen();
    return refused({
      code: 'SCHEMA_CHANGED',
      message: `Table ${table.source} was dropped while the run was planned.`,
    });
  }
  pairDeps.wide.see(table.selection, { base, target });
  const planning = planTable({ base, target }, tableOptionsOf(table.selection, pairDeps));
  if (planning.kind === 'refused') return refused(planning.refusal);
  const predicate = await predicateRefusal(planning.plan, pairDeps.catalogs, signal);
  if (predicate) return refused(predicate);
  const { catalogs, rows: wantedRows } = pairDeps;
  const estimatedRows = Math.max(base.estimatedRows, target.estimatedRows);
  const { plan } = planning;
  const ranges = plan.multiset
    ? cutBuckets(plan.multiset.buckets, { rows: estimatedRows, wantedRows })
    : plan.changed || isOneShard({ base, target }, wantedRows)
      ? [EVERYTHING]
      : await cutTable(plan, { catalogs, wantedRows, signal });
  const schemas = { base: schemaHashes(base), target: schemaHashes(target) };
  const { direction } = pairDeps;
  const differences = [...sideDifferences({ tables: { base, target }, columns: plan.columns, direction })];
  const told = differences.length > 0 ? { differences } : {};
  return { record: { plan, refusal: null, estimatedRows, schemas, ...told }, ranges };
}

const EVERYTHING: KeyRange = { after: null, upTo: null };

/**
 * A small table becomes one shard, without a question about its keys. Statistics of 0 rows are not used. A table with
 * more rows than its statistics say is divided while it is compared.
 */
function isOneShard(tables: Sides<CatalogTable>, wantedRows: number): boolean {
  return SIDES.every((side) => {
    const { estimatedRows } = tables[side];
    return estimatedRows > 0 && estimatedRows <= wantedRows * ONE_SHARD_SHARE;
  });
}

function refusedByFault(table: SelectedTable, error: unknown, pairDeps: PairDeps): PlannedPair {
  if (!isOfOneTable(error)) throw error;
  pairDeps.wide.noteUnseen();
  const { code, message } = failureOf(error);
  return refused({ code, message: `Table ${table.source} could not be planned: ${message}` });
}

/** A predicate that a server refuses is an error of the spec. It is reported before any shard is worked on. */
async function predicateRefusal(
  { tables, where }: TablePlan,
  catalogs: Sides<Catalog>,
  signal: AbortSignal,
): Promise<Failure | undefined> {
  if (!where) return undefined;
  for (const side of SIDES) {
    try {
      await catalogs[side].tryPredicate({ table: tables[side].table, where: where[side] }, signal);
    } catch (error) {
      if (!(error instanceof Fault) || error.class !== 'permanent') throw error;
      const message =
        `Table ${tables[side].table}: the ${side} refuses the predicate of the spec: ${error.message} Look at its columns on that side.`.slice(
          0,
          2000,
        );
      return { code: 'PREDICATE_REFUSED', message };
    }
  }
  return undefined;
}

function refused(refusal: Failure): PlannedPair {
  return { record: { plan: null, refusal, estimatedRows: 0 }, ranges: [] };
}
