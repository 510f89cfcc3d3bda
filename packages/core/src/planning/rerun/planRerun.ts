/**
 * The plan of a run that compares a part of a settled run anew: the tables and ranges of that run. Shards that are not
 * asked for are inherited with their results and their times. Spec, servers, tables and schemas must be as they were:
 * else results of two different comparisons would stand in one document.
 */
import {
  type BasedOn,
  type Fault,
  isRecheck,
  listed,
  type RunHeader,
  type RunPlan,
  type RunSpec,
  type ServerIdentity,
  type TableRecord,
} from '@rowparity/contracts';
import { schemaChanges } from '../../catalogs/schemaChanges.ts';
import { canonicalJson } from '../../hashing/canonicalJson.ts';
import { PlannedRun } from '../../ledgering/plannedRun.ts';
import type { Catalog } from '../../ports/catalog.ts';
import type { Planning, PlanStore, PlanWriteResult } from '../../ports/ledger.ts';
import type { Places } from '../../sides/roles.ts';
import type { Sides } from '../../sides/sides.ts';
import { type BaseRun, type RerunReadings, readBaseRun, unusable } from './baseRun.ts';
import { carryKnownOf } from './carryKnown.ts';
import { type CopiedShard, copyShards, inheritedBy } from './copyShards.ts';

export { type BaseRun, type RerunReadings, readBaseRun } from './baseRun.ts';
export { carryKnownOf } from './carryKnown.ts';

/** Shards that one call writes to the ledger. */
const SHARDS_A_WRITE = 1000;
const NAMED_MAX = 5;

export interface RerunInput {
  readonly run: RunHeader;
  readonly planning: Planning;
  readonly spec: RunSpec;
  readonly basedOn: BasedOn;
}

/** As the databases are now. */
export interface Seen {
  readonly servers: Places<ServerIdentity>;
  readonly selected: readonly Places<string>[];
  readonly catalogs: Sides<Catalog>;
}

export interface RerunDeps {
  readonly ledger: PlanStore & RerunReadings;
  readonly clock: { now(): number };
  readonly signal: AbortSignal;
}

/** Throws RERUN_REFUSED. */
export async function planRerun(
  { run, planning, spec, basedOn }: RerunInput,
  seen: Seen,
  { ledger, clock, signal }: RerunDeps,
): Promise<PlanWriteResult> {
  const base = await readBaseRun(basedOn.runId, ledger);
  expectSameSpec(base, { run, spec });
  expectSameServers(base, seen.servers);
  expectSameTables(base, seen.selected);
  await expectSameSchemas(base, { run, catalogs: seen.catalogs }, signal);
  if (isRecheck(spec)) return planRecheck({ planning, base }, seen, { ledger, clock, signal });
  const copied = await copyShards(base, basedOn, ledger);
  signal.throwIfAborted();
  const written = await write(planning, copied, ledger);
  if (written.kind !== 'written') return written;
  signal.throwIfAborted();
  const plan: RunPlan = { tables: tablesOf(base.plan, copied), servers: seen.servers };
  return ledger.completePlan(planning, { ...plan, now: clock.now() });
}

function expectSameSpec({ spec, header }: BaseRun, now: { run: RunHeader; spec: RunSpec }): void {
  const isSame = canonicalJson(comparable(spec, now.spec)) === canonicalJson(comparable(now.spec, now.spec));
  if (isSame && header.direction === now.run.direction) return;
  throw refused(header, 'its spec or direction is another one, and results of both cannot stand together');
}

/** Without what tells one run of a spec from another one, and of a recheck without how its differences were found. */
function comparable(spec: RunSpec, now: RunSpec): object {
  const changedSince = isRecheck(now) ? null : spec.changedSince;
  return { ...spec, changedSince, runId: '', basedOn: null, known: { ...spec.known, of: null } };
}

function expectSameServers({ plan, header }: BaseRun, now: Places<ServerIdentity>): void {
  for (const place of ['source', 'destination'] as const) {
    const before = plan.servers?.[place];
    if (before && addressOf(before) === addressOf(now[place])) continue;
    const was = before ? `was ${addressOf(before)}` : 'was not asked who it is';
    throw refused(header, `its ${place} ${was}, and is ${addressOf(now[place])} now`);
  }
}

/** Without version and position: both may move on. */
function addressOf({ database, host, port, serverId, uuid }: ServerIdentity): string {
  return `${database} on ${host}:${port}, server id ${serverId}${uuid === null ? '' : `, ${uuid}`}`;
}

function expectSameTables({ plan, header }: BaseRun, selected: readonly Places<string>[]): void {
  const textOf = ({ source, destination }: Places<string>) =>
    source === destination ? source : `${source} → ${destination}`;
  const before = plan.tables.map(({ names }) => textOf(names));
  const now = selected.map(textOf);
  const changed = [
    ...now.filter((name) => !before.includes(name)),
    ...before.filter((name) => !now.includes(name)),
  ];
  if (changed.length === 0 && before.length === now.length) return;
  throw refused(header, `the spec finds other tables now: ${listed(changed, NAMED_MAX)}`);
}

async function expectSameSchemas(
  { plan, spec, header }: BaseRun,
  { run, catalogs }: { readonly run: RunHeader; readonly catalogs: Sides<Catalog> },
  signal: AbortSignal,
): Promise<void> {
  const tables = new PlannedRun(spec, plan).tablesIn(run.direction);
  const [first] = await schemaChanges(tables, { catalogs, signal });
  if (first) throw refused(header, first.failure.message);
}

function refused({ runId }: RunHeader, why: string): Fault {
  return unusable(runId, why);
}

/** The tables of that run, with shards that hold the keys of its known differences, and no ranges. */
async function planRecheck(
  { planning, base }: { readonly planning: Planning; readonly base: BaseRun },
  { servers }: Seen,
  { ledger, clock, signal }: RerunDeps,
): Promise<PlanWriteResult> {
  const { tables } = base.plan;
  const followed = tables.map(({ plan }, i) => ({ table: i, plan }));
  const carried = await carryKnownOf({ base, planning, tableOf: (i) => followed[i] }, { ledger, signal });
  if (carried.kind !== 'written') return carried;
  const planned = tables.map(({ inherited: _, ...table }, i) => {
    const follows = carried.follows(i, i);
    return { ...table, shards: follows.keyShards, follows };
  });
  signal.throwIfAborted();
  return ledger.completePlan(planning, { tables: planned, servers, now: clock.now() });
}

async function write(
  planning: Planning,
  copied: readonly CopiedShard[],
  ledger: PlanStore,
): Promise<PlanWriteResult> {
  for (let first = 0; first < copied.length; first += SHARDS_A_WRITE) {
    const slice = copied.slice(first, first + SHARDS_A_WRITE);
    const added = await ledger.addShards(
      planning,
      slice.map(({ planned }) => planned),
    );
    if (added.kind !== 'written') return added;
    const inherited = slice.flatMap((shard) => (shard.inherited ? [shard.inherited] : []));
    const taken = await ledger.inheritShards(planning, inherited);
    if (taken.kind !== 'written') return taken;
  }
  return { kind: 'written' };
}

function tablesOf(plan: RunPlan, copied: readonly CopiedShard[]): TableRecord[] {
  const shards = plan.tables.map((): CopiedShard[] => []);
  for (const shard of copied) shards[shard.planned.table]?.push(shard);
  return plan.tables.map(({ inherited: _, follows: __, ...table }, i) => {
    const own = shards[i] ?? [];
    const inherited = inheritedBy(own);
    return { ...table, shards: own.length, ...(inherited ? { inherited } : {}) };
  });
}
