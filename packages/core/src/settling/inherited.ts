/** What a run took over from an earlier one, for its readers. */
import type { Failure, InheritedShards, RunNote, RunReport } from '@rowparity/contracts';
import type { WholeRun } from '../ledgering/wholeRun.ts';
import type { TableTotals } from '../ports/ledger.ts';
import { shardsOf } from './verdict.ts';

type Inheriting = Pick<WholeRun, 'spec' | 'tables'>;

/** Null where every shard is compared in this run. */
export function inheritedOf({ spec, tables }: Inheriting): RunReport['inherited'] {
  const all = tables.flatMap(({ inherited }) => (inherited ? [inherited] : []));
  if (!spec.basedOn || all.length === 0) return null;
  return { basedOn: spec.basedOn.runId, ...all.reduce(together) };
}

function together(a: InheritedShards, b: InheritedShards): InheritedShards {
  return {
    ...{ shards: a.shards + b.shards, rows: a.rows + b.rows },
    ...{ from: Math.min(a.from, b.from), to: Math.max(a.to, b.to) },
  };
}

/** Every shard matched, and not all of them in this run. */
export function inheritedFailure(run: Inheriting): Failure {
  const message = `Every shard matched, but not in one run: ${told(run)}. What was changed since is not known. Only a new run of all shards can be consistent.`;
  return { code: 'SHARDS_INHERITED', message };
}

export function inheritedNotes(run: Inheriting, totals: readonly TableTotals[]): RunNote[] {
  if (!inheritedOf(run)) return [];
  const all = totals.reduce((sum, { shards }) => sum + shardsOf(shards), 0);
  const message = `Of ${all} shards, ${told(run)}. Their counts and differences are of that time, and no event was sent for them.`;
  return [{ code: 'INHERITED_SHARDS', message }];
}

function told(run: Inheriting): string {
  const inherited = inheritedOf(run);
  if (!inherited) return 'none was inherited';
  const { basedOn, shards, from, to } = inherited;
  const [begin, end] = [from, to].map((time) => new Date(time).toISOString());
  return `${shards} were compared in run ${basedOn} or before it, from ${begin} to ${end}`;
}
