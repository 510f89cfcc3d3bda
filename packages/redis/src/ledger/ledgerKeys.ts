/** The names of the ledger's keys. All lie in one hash slot, so one script may touch them all, in a cluster too. */

export const DEFAULT_PREFIX = '{rowparity}';

/**
 * In the order in which every script takes them. `run`: header, spec and remarks. `plan`: the ranges of the shards.
 * `tables`: the plan of the table pairs, under its name. `known`: confirmed differences by row id, and `knownOrder` for
 * their pages. `groups`: all of them, counted by the way in which they differ.
 */
export interface LedgerKeys {
  readonly run: string;
  readonly plan: string;
  readonly tables: string;
  readonly shards: string;
  readonly totals: string;
  readonly open: string;
  readonly failures: string;
  readonly known: string;
  readonly knownOrder: string;
  readonly groups: string;
  readonly runs: string;
  readonly runsOpen: string;
  readonly watches: string;
}

export const LEDGER_KEYS_COUNT = 13;

export function keysInOrder(keys: LedgerKeys): readonly string[] {
  const { run, plan, tables, shards, totals, open, failures, known, knownOrder, groups } = keys;
  const { runs, runsOpen, watches } = keys;
  return [
    ...[run, plan, tables, shards, totals, open, failures, known, knownOrder, groups],
    ...[runs, runsOpen, watches],
  ];
}

export function ledgerKeys(prefix: string, runId: string): LedgerKeys {
  const run = `${prefix}:ledger:run:${runId}`;
  return {
    run,
    plan: `${run}:plan`,
    tables: `${run}:tables`,
    shards: `${run}:shards`,
    totals: `${run}:totals`,
    open: `${run}:open`,
    failures: `${run}:failures`,
    known: `${run}:known`,
    knownOrder: `${run}:known-order`,
    groups: `${run}:groups`,
    ...runSetKeys(prefix),
  };
}

export function runSetKeys(prefix: string): Pick<LedgerKeys, 'runs' | 'runsOpen' | 'watches'> {
  const all = `${prefix}:ledger`;
  return { runs: `${all}:runs`, runsOpen: `${all}:runs-open`, watches: `${all}:watches` };
}

export function expectHashTag(prefix: string): string {
  if (/^\{[^{}:]+\}[^{}]*$/.test(prefix)) return prefix;
  throw new Error(`expected a Redis prefix that is a hash tag, such as ${DEFAULT_PREFIX}, found "${prefix}"`);
}
