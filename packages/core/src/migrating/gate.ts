/**
 * The gate: may a migration go on, as far as one full run tells. Pure, and it names every reason at once: who mends one
 * should not find the next one an hour later.
 */
import {
  confirmedOf,
  differencesOf,
  GATE_ANSWER_VERSION,
  type GateAnswer,
  type GateQuery,
  type GateReason,
  listed,
  many,
  type PlacedFailure,
  type RunReport,
} from '@rowparity/contracts';
import { spokenTime } from './spokenTime.ts';

const NAMED_MAX = 5;

export function gateOf(report: RunReport, policy: GateQuery, now: number): GateAnswer {
  const { runId, direction, comparedFrom, comparedTo } = report;
  const reasons = [
    ...openReasons(report),
    ...differences(report),
    ...unstable(report),
    ...refused(report),
    ...inconclusive(report),
    ...nothing(report),
    ...age(report, policy, now),
    ...lag(report, policy),
    ...otherDirection(report, policy),
  ];
  const answer = { version: GATE_ANSWER_VERSION, runId, direction } as const;
  return { ...answer, ready: reasons.length === 0, reasons, comparedFrom, comparedTo };
}

function openReasons({ state, percent }: RunReport): GateReason[] {
  if (state === 'settled') return [];
  const message = `The run is not settled: it is ${state}, and ${percent.toFixed(1)} % of its shards are done. Wait for its verdict.`;
  return [{ code: 'RUN_OPEN', message }];
}

function differences({ counts, tables }: RunReport): GateReason[] {
  const confirmed = differencesOf(counts);
  if (confirmed === 0) return [];
  const names = tables
    .filter((table) => differencesOf(table.counts) > 0)
    .map((table) => `${table.name} (${differencesOf(table.counts)})`);
  const message = `${confirmed} ${confirmed === 1 ? 'row differs' : 'rows differ'}, in ${listed(names, NAMED_MAX, ', ')}. Repair them, then order a new run.`;
  return [{ code: 'DIFFERENCES', message }];
}

/** Of which nothing is known: they kept changing, or no key leads to them. */
function untoldRows({ unstable: moving, knownUnstable, knownHidden }: RunReport['counts']): number {
  return moving + knownUnstable + knownHidden;
}

function unstable({ counts, tables }: RunReport): GateReason[] {
  const untold = untoldRows(counts);
  if (untold === 0) return [];
  const names = tables.filter((table) => untoldRows(table.counts) > 0).map(({ name }) => name);
  const message = `${many(untold, 'row was', 'rows were')} still changing, in ${listed(names, NAMED_MAX, ', ')}: nothing is known of that. Run again when less changes, or behind a fence.`;
  return [{ code: 'UNSTABLE_ROWS', message }];
}

function refused({ tables }: RunReport): GateReason[] {
  const names = tables.flatMap(({ name, refusal }) => (refusal ? [`${name} (${refusal.code})`] : []));
  if (names.length === 0) return [];
  const message = `${names.length} of ${tables.length} tables were not compared: ${listed(names, NAMED_MAX, ', ')}.`;
  return [{ code: 'TABLES_REFUSED', message }];
}

/** What left the run without a proof, and is not said by another reason already. */
function inconclusive(report: RunReport): GateReason[] {
  const refusals = new Set(report.tables.flatMap(({ refusal, name }) => (refusal ? [name] : [])));
  const rest = report.failures.filter(
    ({ code, table, shard }) =>
      code !== 'UNSTABLE_ROWS' && !(shard === undefined && table !== undefined && refusals.has(table)),
  );
  const changed = rest.filter(({ code }) => code === 'SCHEMA_CHANGED');
  const others = rest.filter(({ code }) => code !== 'SCHEMA_CHANGED');
  const untold = report.failuresTotal - report.failures.length;
  const found: GateReason[] = [];
  if (changed.length > 0) {
    const message = `Tables were changed while they were compared: ${listed(placesOf(changed), NAMED_MAX, ', ')}. Run again when they are not.`;
    found.push({ code: 'SCHEMA_CHANGED', message });
  }
  if (others.length > 0 || untold > 0) {
    const codes = [...Map.groupBy(others, ({ code }) => code)].map(
      ([code, { length }]) => `${code} (${length})`,
    );
    const more = untold > 0 ? [`${untold} more`] : [];
    const message = `Parts of the run have no proof either way: ${listed([...codes, ...more], NAMED_MAX, ', ')}.`;
    found.push({ code: 'INCONCLUSIVE', message });
  }
  const isUnproved = report.state === 'settled' && !(report.verdict === 'consistent' && report.complete);
  const isSaid = found.length > 0 || refusals.size > 0 || report.counts.unstable > 0;
  if (isUnproved && confirmedOf(report.counts) === 0 && !isSaid) {
    const message = `The verdict of the run is ${report.verdict}.`;
    found.push({ code: 'INCONCLUSIVE', message });
  }
  return found;
}

function placesOf(failures: readonly PlacedFailure[]): readonly string[] {
  return [...new Set(failures.map(({ table = 'the run' }) => table))];
}

function nothing({ state, counts }: RunReport): GateReason[] {
  if (state !== 'settled' || counts.rowsBase + counts.rowsTarget > 0) return [];
  return [{ code: 'NOTHING_COMPARED', message: '0 rows were compared: look at the names of the tables.' }];
}

function age({ comparedFrom, createdAt }: RunReport, { maxAgeMs }: GateQuery, now: number): GateReason[] {
  const oldest = comparedFrom ?? createdAt;
  if (now - oldest <= maxAgeMs) return [];
  const message = `The first keys were compared at ${new Date(oldest).toISOString()}, ${spokenTime(now - oldest)} ago; at most ${spokenTime(maxAgeMs)} are allowed. Order a new run.`;
  return [{ code: 'TOO_OLD', message }];
}

function lag({ convergence }: RunReport, { maxLagMs }: GateQuery): GateReason[] {
  if (!convergence || maxLagMs === undefined || convergence.longestMs <= maxLagMs) return [];
  const { longestMs, p99Ms } = convergence;
  const message = `Rows took up to ${spokenTime(longestMs)} to arrive (99 % of them up to ${spokenTime(p99Ms)}); at most ${spokenTime(maxLagMs)} are allowed.`;
  return [{ code: 'LAG', message }];
}

function otherDirection({ direction }: RunReport, policy: GateQuery): GateReason[] {
  if (policy.direction === undefined || policy.direction === direction) return [];
  const message = `The run has direction ${direction}, and ${policy.direction} is asked for.`;
  return [{ code: 'DIRECTION', message }];
}
