/**
 * The rules that every ledger keeps about specs, plans and shards. A store applies them to its records. Where Redis
 * must decide inside a script, the Lua repeats the rule by name, and the conformance suite tests it on every ledger.
 */
import { Fault, type RunHeader, type RunSpec, runSpec } from '@rowparity/contracts';
import { canonicalJson } from '../hashing/canonicalJson.ts';
import type { FinishInput, Hold, RunIntent } from '../ports/ledger.ts';

/** A call that a ledger refuses because its caller has a bug. Nothing was written. */
export function brokenRule(runId: string, message: string): Fault {
  return new Fault(
    'invariant',
    { code: 'INTERNAL', message: `Run ${runId}: ${message}` },
    { place: 'ledger' },
  );
}

/** Equal as specs: defaults filled in, members in any order. */
export function isSameSpec(a: RunSpec, b: RunSpec): boolean {
  return canonicalJson(parsedAgain(a)) === canonicalJson(parsedAgain(b));
}

function parsedAgain(spec: RunSpec): RunSpec {
  return runSpec.parse(JSON.parse(JSON.stringify(spec)));
}

type Standing = Pick<RunHeader, 'state' | 'cancelRequested' | 'pausedAt'>;

/** Only a run that is planned, not settled and not cancelled takes writes under a hold. */
export function takesWrites({ state, cancelRequested }: Omit<Standing, 'pausedAt'>): boolean {
  return state === 'running' && !cancelRequested;
}

/** A paused run takes writes, so that holders can hand back what they have. It takes no claim and opens no shard. */
export function takesWork(run: Standing): boolean {
  return takesWrites(run) && run.pausedAt === null;
}

export function intentOf(run: Standing | undefined): RunIntent {
  if (!run || !takesWrites(run)) return 'stop';
  return run.pausedAt === null ? 'work' : 'pause';
}

/** How long a run was paused since its plan was made, in milliseconds. */
export function pausedMsOf(
  { pausedAt, pausedMs, plannedAt }: Pick<RunHeader, 'pausedAt' | 'pausedMs' | 'plannedAt'>,
  now: number,
): number {
  const isOpen = pausedAt !== null && plannedAt !== null;
  return pausedMs + (isOpen ? Math.max(0, now - Math.max(pausedAt, plannedAt)) : 0);
}

/** A failure is given exactly with the outcome `inconclusive`. */
export function expectFinish(
  { runId, shard }: Hold,
  { outcome, failure }: Pick<FinishInput, 'outcome' | 'failure'>,
): void {
  if ((outcome === 'inconclusive') === (failure !== null)) return;
  throw brokenRule(runId, `shard ${shard}: expected a failure exactly with the outcome inconclusive.`);
}

/** A planned shard as a store keeps it: keys as texts, null for an open end. */
export interface StoredRange {
  readonly table: number;
  readonly after: string | null;
  readonly upTo: string | null;
  /** Of a shard that holds keys in place of a range. */
  readonly keys?: string | null | undefined;
}

/**
 * Whether a planned shard may follow the previous one (law 2). In the same table: it begins where the previous one
 * ended. In a later table: the previous one ended open, and this one begins open. Shards that hold keys come first.
 */
export function continuesPlan(previous: StoredRange | undefined, next: StoredRange): boolean {
  if (next.keys) return !previous || (Boolean(previous.keys) && previous.table <= next.table);
  if (!previous || previous.keys) return next.after === null;
  if (previous.table === next.table) return previous.upTo !== null && previous.upTo === next.after;
  return previous.upTo === null && next.after === null && previous.table < next.table;
}

/** A shard may be added again with the same range: it changes nothing. */
export function isSameRange(a: StoredRange, b: StoredRange): boolean {
  const isSameKeys = (a.keys ?? null) === (b.keys ?? null);
  return a.table === b.table && a.after === b.after && a.upTo === b.upTo && isSameKeys;
}

/**
 * Whether a held shard may be split at these cuts: at least one, each inside the range, no cut twice, and only the
 * first at the checkpoint.
 */
export function isExactSplit(
  { after, upTo, keys, checkpoint }: Omit<StoredRange, 'table'> & { readonly checkpoint: string | null },
  cuts: readonly string[],
): boolean {
  const all = [after, upTo, ...cuts].filter((key) => key !== null);
  return (
    !keys &&
    cuts.length > 0 &&
    new Set(all).size === all.length &&
    !cuts.slice(1).some((cut) => cut === checkpoint)
  );
}
