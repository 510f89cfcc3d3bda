/** Makes the report of a run from what the ledger holds. The same document is progress and, once settled, result. */
import {
  followedRun,
  type KnownTotals,
  type PlacedFailure,
  RUN_REPORT_VERSION,
  type RunReport,
  type ShardTally,
  type TableReport,
  type UnstableKey,
  type UnstableRow,
  withoutLags,
} from '@rowparity/contracts';
import type { PlanReader } from '../ledgering/plannedRun.ts';
import { pausedMsOf } from '../ledgering/rules.ts';
import { NONE_KNOWN, NONE_PENDING } from '../ledgering/tallies.ts';
import { readWholeRun, type WholeRun, type WholeTable } from '../ledgering/wholeRun.ts';
import type { PauseReadings } from '../ports/hostBudget.ts';
import type {
  LedgerReadings,
  LiveTotals,
  Pending,
  ShardFailure,
  TableGroups,
  TableTotals,
} from '../ports/ledger.ts';
import { convergenceOf } from '../shards/lagSteps.ts';
import { byPlace } from '../sides/roles.ts';
import { damageFailure } from './damagedRun.ts';
import { inheritedOf } from './inherited.ts';
import { reportedGroups } from './reportedGroups.ts';
import { runNotes } from './runNotes.ts';
import { type RunPauses, runPauses } from './runPauses.ts';
import { isComplete, shardsOf, sumCounts } from './verdict.ts';

const FAILURES_MAX = 100;

/** One failover can undo the settling of a run once. */
const TRIES_MAX = 5;

export interface ReportDeps {
  readonly ledger: LedgerReadings;
  /** Remembers plans where reports are asked for again and again. */
  readonly readPlan?: PlanReader | undefined;
  /** Where the budgets of servers are kept; absent: there are none. */
  readonly pauses?: PauseReadings | undefined;
}

export async function reportOf(
  runId: string,
  { ledger, readPlan, pauses }: ReportDeps,
  now: number,
): Promise<RunReport | undefined> {
  for (let tries = 1; ; tries += 1) {
    const run = await readWholeRun(runId, ledger, readPlan);
    if (!run) return undefined;
    const totals = await ledger.totals(runId);
    const known = await ledger.knownTotals(runId);
    const groups = await ledger.differenceGroups(runId);
    const failures = await ledger.failures(runId, FAILURES_MAX);
    const damage = run.state === 'settled' ? await ledger.damageOf(runId) : [];
    // A settled run must not be reported with counts from before it was settled, which a failover could bring.
    const isOfOneMoment =
      run.state !== 'settled' || (await ledger.getRun(runId))?.settledAt === run.settledAt;
    if (!isOfOneMoment && tries < TRIES_MAX) continue;
    const paused = await runPauses(run, pauses, now);
    return reportFrom({ run, totals, known, groups, failures, damage, paused, now });
  }
}

interface Found {
  readonly run: WholeRun;
  readonly totals: readonly LiveTotals[];
  readonly known: readonly KnownTotals[];
  readonly groups: readonly TableGroups[];
  readonly failures: Awaited<ReturnType<LedgerReadings['failures']>>;
  readonly damage: readonly string[];
  readonly paused: RunPauses;
  readonly now: number;
}

function reportFrom({ run, totals, known, groups, failures, damage, paused, now }: Found): RunReport {
  const tables = run.tables.map((table, i) => tableReport(table, totals[i], known[i]));
  const counts = sumCounts(totals);
  const inherited = inheritedOf(run);
  const shards = tables.map((table) => table.shards).reduce(addTallies, emptyTally());
  const first = [...lostSince(run, damage), ...placedFailures(run, failures.first)];
  const ownFailures = first.length - failures.first.length;
  return {
    version: RUN_REPORT_VERSION,
    runId: run.runId,
    generation: run.generation,
    direction: run.direction,
    state: run.state,
    verdict: run.verdict,
    paused: run.pausedAt !== null,
    ...placesOf(run),
    spec: run.spec,
    inherited,
    follows: followedRun(run.spec) ?? null,
    complete: damage.length === 0 && isComplete(run, totals),
    ...paceOf(run, {
      ...{ shards, rows: counts.rowsBase + counts.rowsTarget, now, inherited },
      pausedMs: paused.pausedMs + pausedMsOf(run, now),
    }),
    counts: withoutLags(counts),
    pending: pendingOf(run, totals),
    convergence: convergenceOf(counts),
    shards,
    tables,
    ...reportedGroups(run.tables, groups),
    failures: first.slice(0, FAILURES_MAX),
    failuresTotal: failures.total + ownFailures,
    notes: runNotes(run, totals, known),
    pauses: [...paused.told],
    unstable: run.unstable.map((row) => unstableKey(row, run.tables)),
    comparedFrom: outermost(Math.min, run.comparedFrom, inherited?.from),
    comparedTo: outermost(Math.max, run.comparedTo, inherited?.to),
    createdAt: run.createdAt,
    plannedAt: run.plannedAt,
    settledAt: run.settledAt,
  };
}

function outermost(
  outer: (...times: number[]) => number,
  ...times: readonly (number | undefined)[]
): number | null {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? null : outer(...known);
}

/** Nothing is pending in a settled run: a cancelled one keeps what its shards told last. */
function pendingOf({ state }: WholeRun, totals: readonly LiveTotals[]): Pending {
  if (state === 'settled') return NONE_PENDING;
  return totals.reduce(
    (sum, { pending }) => ({
      rows: sum.rows + pending.rows,
      candidates: sum.candidates + pending.candidates,
    }),
    NONE_PENDING,
  );
}

function placesOf({ spec, servers, direction }: WholeRun): Pick<RunReport, 'source' | 'destination'> {
  const asked = servers && byPlace(servers, direction);
  return {
    source: { connection: spec.source, server: asked?.source ?? null },
    destination: { connection: spec.destination, server: asked?.destination ?? null },
  };
}

function unstableKey({ table, key, ...row }: UnstableRow, tables: WholeRun['tables']): UnstableKey {
  const { name = '', plan } = tables[table] ?? {};
  const named = key.map((text, i) => {
    const column = plan?.key[i]?.column;
    return [(column !== undefined && plan?.columns[column]?.names.base) || `${i}`, text];
  });
  return { ...row, table: name, key: Object.fromEntries(named) };
}

function tableReport(
  table: WholeTable,
  totals: TableTotals | undefined,
  known: KnownTotals = NONE_KNOWN,
): TableReport {
  const shards = totals
    ? { total: shardsOf(totals.shards), ...totals.shards }
    : { ...emptyTally(), total: table.shards, planned: table.shards };
  return {
    name: table.name,
    outcome: outcomeOf(table, shards),
    refusal: table.refusal,
    counts: withoutLags(totals?.counts ?? sumCounts([])),
    shards,
    inherited: table.inherited?.shards ?? 0,
    schemaDifferences: [...(table.differences ?? [])],
    known,
  };
}

function outcomeOf(table: WholeTable, shards: ShardTally): TableReport['outcome'] {
  if (table.plan === null || table.changed) return 'inconclusive';
  if (shards.planned > 0 || shards.running > 0) return null;
  if (shards.inconclusive > 0) return 'inconclusive';
  return shards.differs > 0 ? 'differs' : 'match';
}

/** Its counts changed after the run was settled. */
function lostSince({ runId, failure }: WholeRun, damage: readonly string[]): PlacedFailure[] {
  return damage.length === 0 || failure?.code === 'RUN_DAMAGED' ? [] : [damageFailure(runId, damage)];
}

/** The failures of the run and of its table pairs come first, then those of shards. */
function placedFailures(run: WholeRun, ofShards: readonly ShardFailure[]): PlacedFailure[] {
  return [
    ...(run.failure ? [run.failure] : []),
    ...run.tables.flatMap(({ name, refusal, changed }) =>
      [refusal, changed].filter((failure) => failure != null).map((failure) => ({ ...failure, table: name })),
    ),
    ...ofShards.map(({ shard, table, failure }) => ({
      ...failure,
      table: run.tables[table]?.name ?? '',
      shard,
    })),
  ];
}

function paceOf(
  run: WholeRun,
  progress: {
    readonly shards: ShardTally;
    readonly rows: number;
    readonly inherited: RunReport['inherited'];
    readonly pausedMs: number;
    readonly now: number;
  },
) {
  const { shards, pausedMs, now, inherited } = progress;
  // What was compared in an earlier run took none of this run's time.
  const [own, rows] = [shards.total - (inherited?.shards ?? 0), progress.rows - (inherited?.rows ?? 0)];
  const isSettled = run.state === 'settled';
  const elapsedMs = Math.max(0, (run.settledAt ?? now) - run.createdAt);
  const workedMs = Math.max(1, (run.settledAt ?? now) - (run.plannedAt ?? now) - pausedMs);
  const done = shards.match + shards.differs + shards.inconclusive;
  const share = shards.total === 0 ? (isSettled ? 1 : 0) : done / shards.total;
  const ownDone = done - (inherited?.shards ?? 0);
  const left = ownDone > 0 ? Math.round((workedMs * (own - ownDone)) / ownDone) : null;
  return {
    // Floor, so that 100 means all.
    percent: Math.floor(share * 1000) / 10,
    elapsedMs,
    rowsPerSecond: Math.round((rows * 1000) / workedMs),
    etaMs: isSettled ? 0 : left,
  };
}

function emptyTally(): ShardTally {
  return { total: 0, planned: 0, running: 0, match: 0, differs: 0, inconclusive: 0 };
}

function addTallies(a: ShardTally, b: ShardTally): ShardTally {
  return {
    total: a.total + b.total,
    planned: a.planned + b.planned,
    running: a.running + b.running,
    match: a.match + b.match,
    differs: a.differs + b.differs,
    inconclusive: a.inconclusive + b.inconclusive,
  };
}
