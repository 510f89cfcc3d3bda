/** What a reader must know beside the verdict: about the spec, the servers, and how much was compared. */
import {
  type Counts,
  isRecheck,
  type KnownTotals,
  listed,
  type OutOfSight,
  type RunNote,
  specNotes,
  type ValueFencePolicy,
} from '@rowparity/contracts';
import type { WholeRun } from '../ledgering/wholeRun.ts';
import type { TableTotals } from '../ports/ledger.ts';
import { comparePositions } from '../positions/comparePositions.ts';
import { fencingOf } from '../positions/fencing.ts';
import { byRole } from '../sides/roles.ts';

import { otherSide, SIDES, type Sides } from '../sides/sides.ts';
import { inheritedNotes } from './inherited.ts';
import { changedNotes } from './partOfRows.ts';
import { recheckedNotes } from './rechecked.ts';
import { sumCounts } from './verdict.ts';

const NAMED_MAX = 5;

/** Notes come in this order: the most important first. */
export function runNotes(
  run: WholeRun,
  totals: readonly TableTotals[],
  known: readonly KnownTotals[] = [],
): RunNote[] {
  return [
    ...inheritedNotes(run, totals),
    ...changedNotes(run),
    ...recheckedNotes(run, totals),
    ...overflowNotes(run, known),
    ...emptyNotes(run, totals),
    ...sightNotes(run),
    ...positionNotes(run),
    ...specNotes(run.spec),
  ];
}

/** What a pattern cannot see, or sees and does not compare. */
function sightNotes({ servers, direction }: Pick<WholeRun, 'servers' | 'direction'>): RunNote[] {
  if (!servers) return [];
  const placeOf = byRole({ source: 'source', destination: 'destination' }, direction);
  return SIDES.flatMap((side): RunNote[] => {
    const left = servers[side].outOfSight;
    if (!left) return [];
    const place = placeOf[side];
    const hidden = `The user may not see every table of the ${place}: a pattern finds only those it may see. Grant SELECT on the database to be sure.`;
    return [
      ...(left.isPartial ? [{ code: 'TABLES_OUT_OF_SIGHT' as const, message: hidden }] : []),
      ...(left.total > 0 ? [{ code: 'NOT_TABLES' as const, message: notTables(left, place) }] : []),
    ];
  });
}

function notTables({ entries, total }: OutOfSight, place: string): string {
  const names = entries.slice(0, NAMED_MAX).map(({ name, kind }) => `${kind} ${name}`);
  const more = total - names.length;
  const listed = [...names, ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  return `Only tables are compared. Left out on the ${place}: ${listed}.`;
}

function emptyNotes({ state, spec, tables }: WholeRun, totals: readonly TableTotals[]): RunNote[] {
  if (state !== 'settled' || isRecheck(spec)) return [];
  const code = 'NO_ROWS_COMPARED';
  if (rowsOf(sumCounts(totals)) === 0) return [{ code, message: '0 rows were compared.' }];
  const empty = tables.flatMap(({ name, plan }, i) => {
    const counts = totals[i]?.counts;
    return plan && counts && rowsOf(counts) === 0 ? [name] : [];
  });
  if (empty.length === 0) return [];
  const more = empty.length - NAMED_MAX;
  const names = [...empty.slice(0, NAMED_MAX), ...(more > 0 ? [`and ${more} more`] : [])].join(', ');
  return [{ code, message: `0 rows were compared in ${empty.length} of ${tables.length} tables: ${names}.` }];
}

/** Where more differences were confirmed than are kept. A spec that keeps none knows that it has none. */
function overflowNotes({ tables, spec }: WholeRun, known: readonly KnownTotals[]): RunNote[] {
  if (spec.known.keep === 0) return [];
  const names = tables.flatMap(({ name, follows }, i) => {
    const { kept = 0, beyond = 0 } = known[i] ?? {};
    if (beyond > 0) return [`${name} (${kept} kept, ${beyond} more)`];
    return follows?.isWhole === false ? [`${name} (in the run before)`] : [];
  });
  if (names.length === 0) return [];
  const message = `More differences were confirmed than are kept by key: ${listed(names, NAMED_MAX)}. A recheck sees only those that are kept; known.keep of the spec says how many of a table that are.`;
  return [{ code: 'KNOWN_OVERFLOWED', message }];
}

function rowsOf({ rowsBase, rowsTarget }: Counts): number {
  return rowsBase + rowsTarget;
}

/** How the histories of the servers stood to each other before a row was read. */
export function positionNotes({
  servers,
  direction,
  spec,
}: Pick<WholeRun, 'servers' | 'direction' | 'spec'>): RunNote[] {
  if (!servers) return [];
  const placeOf = byRole({ source: 'source', destination: 'destination' }, direction);
  const { fence } = spec.recheck;
  const fencing = fencingOf({ fence, direction, servers });
  const lag = lagNotes(servers, placeOf, fencing !== undefined);
  if (!fencing) return lag;
  const [downstream, upstream] = [placeOf[otherSide(fencing.upstream)], placeOf[fencing.upstream]];
  if (typeof fence === 'string') {
    const message = `The ${downstream} replicates from the ${upstream}: a difference counts only when the ${downstream} has applied what the ${upstream} had.`;
    return [{ code: 'REPLICATES', message }, ...lag];
  }
  const value = fence.kind === 'heartbeat' ? `the heartbeat in ${tableOf(fence)}` : 'the queries of the spec';
  const message = `Fenced by ${value}: a difference counts only when the ${downstream} shows a later value there than the ${upstream} had. That the value comes behind the rows is yours to see.`;
  return [{ code: 'FENCED_BY_VALUE', message }, ...lag];
}

function tableOf({ database, table, column }: Extract<ValueFencePolicy, { kind: 'heartbeat' }>): string {
  return `table ${database === undefined ? '' : `${database}.`}${table}, column ${column}`;
}

function lagNotes(
  servers: NonNullable<WholeRun['servers']>,
  { base, target }: Sides<string>,
  isFenced: boolean,
): RunNote[] {
  const compared = comparePositions(servers);
  switch (compared.kind) {
    case 'behind':
      return [behindNote({ late: target, early: base, transactions: compared.transactions, isFenced })];
    case 'ahead':
      return [behindNote({ late: base, early: target, transactions: compared.transactions, isFenced })];
    case 'unrelated': {
      if (isFenced) return [];
      const message =
        'The positions of the two servers show no common history: neither replicates from the other by GTID. How far one is behind cannot be told, so time decides: a difference must stand still for longer than the target lags (recheck.stillMs).';
      return [{ code: 'NO_COMMON_HISTORY', message }];
    }
    case 'unknown':
      return isFenced ? [] : [{ code: 'JUDGED_BY_TIME', message: JUDGED_BY_TIME }];
    case 'same':
      return [];
  }
}

const JUDGED_BY_TIME =
  'No common position of the two servers can be read, so differences are judged by time: each must stand still for longer than the target lags (recheck.stillMs).';

interface Lag {
  readonly late: string;
  readonly early: string;
  readonly transactions: bigint;
  readonly isFenced: boolean;
}

function behindNote({ late, early, transactions, isFenced }: Lag): RunNote {
  const advice = isFenced
    ? ''
    : ', and let differences stand still for longer than the lag (recheck.stillMs)';
  const message = `When the run was planned the ${late} lacked ${transactions} ${transactions === 1n ? 'transaction' : 'transactions'} that the ${early} had. Rows that are on their way differ until they arrive: look at replication${advice}.`;
  return { code: 'BEHIND_AT_START', message };
}
