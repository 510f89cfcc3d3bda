/** What the plan of a run says about its tables, and how the servers stand to each other. */
import type { Failure, Finding, RunNote } from '@rowparity/contracts';
import type { WholeRun, WholeTable } from '../ledgering/wholeRun.ts';
import { runNotes } from '../settling/runNotes.ts';
import type { ServerFacts } from './facts.ts';

const BOTH = 'both';

type Servers = Readonly<Record<'source' | 'destination', Pick<ServerFacts, 'positionMissing'>>>;

export function planFindings(run: WholeRun, servers: Servers): Finding[] {
  const positions = noPositions(servers);
  return [
    ...(run.failure ? [planFailureFinding(run.failure)] : tableFindings(run)),
    ...runNotes(run, []).flatMap((note) => noteFinding(note, positions)),
  ];
}

/** Nothing could be planned at all. */
export function planFailureFinding({ code, message }: Failure): Finding {
  return {
    subject: BOTH,
    check: code === 'FENCE_REFUSED' ? 'replication' : 'tables',
    level: 'error',
    code,
    message,
  };
}

const LEVELS_IN_ORDER: readonly Finding['level'][] = ['error', 'warning', 'ok'];

function tableFindings({ tables }: Pick<WholeRun, 'tables'>): Finding[] {
  const refused = tables.filter(({ refusal }) => refusal !== null).length;
  const planned = tables.length - refused;
  const head: Finding =
    planned === 0
      ? { subject: BOTH, check: 'tables', level: 'error', message: 'not one table could be compared' }
      : {
          ...{ subject: BOTH, check: 'tables', level: refused === 0 ? 'ok' : 'warning' },
          message: `${planned} of ${tables.length} ${tables.length === 1 ? 'table' : 'tables'} can be compared`,
        };
  const all = tables.map(tableFinding);
  return [head, ...LEVELS_IN_ORDER.flatMap((level) => all.filter((one) => one.level === level))];
}

function tableFinding({ name, plan, refusal }: WholeTable): Finding {
  const common = { subject: BOTH, check: 'table', table: name } as const;
  if (refusal || !plan) {
    const { code, message } = refusal ?? { code: 'INTERNAL' as const, message: 'It has no plan.' };
    return { ...common, level: 'error', code, message };
  }
  const columns = plan.columns.length === 1 ? '1 column' : `${plan.columns.length} columns`;
  if (plan.multiset) {
    return {
      ...common,
      level: 'warning',
      message: `no key tells its rows apart on both sides: its rows are compared as multisets, by passes over the whole table`,
      remedy: 'Add a primary key, or a unique index over NOT NULL columns, on both sides.',
    };
  }
  const key = plan.key.map(({ column }) => plan.columns[column]?.names.base).join(', ');
  const { base, target } = plan.indexes;
  if (base === null || target === null) {
    return {
      ...common,
      level: 'warning',
      message: `${columns} by key ${key}; no index has the order of the key, so the server sorts`,
      remedy: `Add an index over ${key} that is visible, and has whole columns.`,
    };
  }
  const index = base === target ? `index ${base}` : `indexes ${base} and ${target}`;
  return { ...common, level: 'ok', message: `${columns} by key ${key}, ${index}` };
}

/** What a run needs to know beside its tables. */
const LEVELS: Partial<Record<RunNote['code'], readonly [Finding['check'], Finding['level']]>> = {
  REPLICATES: ['replication', 'ok'],
  FENCED_BY_VALUE: ['replication', 'ok'],
  BEHIND_AT_START: ['replication', 'warning'],
  NO_COMMON_HISTORY: ['replication', 'warning'],
  JUDGED_BY_TIME: ['replication', 'warning'],
  NOT_TABLES: ['tables', 'warning'],
};

/** The server's own check tells of these already. */
const TOLD: ReadonlySet<RunNote['code']> = new Set(['TABLES_OUT_OF_SIGHT']);

function noteFinding({ code, message }: RunNote, positions: string): Finding[] {
  if (TOLD.has(code)) return [];
  const [check, level] = LEVELS[code] ?? (['spec', 'warning'] as const);
  const isByTime = code === 'JUDGED_BY_TIME' || code === 'NO_COMMON_HISTORY';
  const remedy = isByTime
    ? `Where one server replicates from the other, turn GTIDs on${positions}; else name a heartbeat (recheck.fence).`
    : undefined;
  return [{ subject: BOTH, check, level, message, ...(remedy ? { remedy } : {}) }];
}

/** ` (source: gtid_executed is empty: no GTIDs)` */
function noPositions(servers: Servers): string {
  const told = (['source', 'destination'] as const).flatMap((place) => {
    const { positionMissing } = servers[place];
    return positionMissing === undefined ? [] : [`${place}: ${positionMissing}`];
  });
  return told.length === 0 ? '' : ` (${told.join('; ')})`;
}
