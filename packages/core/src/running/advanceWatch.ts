/**
 * Takes a watch one step further: begins its next generation when the last one is settled and the interval has passed.
 * It keeps no state: the run of a generation is created first, under the id that its number gives, and then recorded. A
 * process that dies in between leaves a run that the next call finds again.
 */
import {
  type ChangedSince,
  generationRunId,
  type RunHeader,
  type RunSpec,
  runSpec,
  type WatchRecord,
} from '@rowparity/contracts';
import type { RunStore, WatchStore } from '../ports/ledger.ts';
import { type CoverageReadings, changedSinceLast } from './changedSinceLast.ts';

export interface WatchDeps {
  readonly ledger: Pick<RunStore, 'createRun' | 'deleteRun'> & CoverageReadings & WatchStore;
  readonly clock: { now(): number };
}

export type WatchAdvanced =
  /** It is stopped, its last generation is under way, or it is too early for the next one. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'began'; readonly runId: string; readonly follows: string | null }
  /** Another process was faster. */
  | { readonly kind: 'overtaken' }
  /** The id of the next generation is that of a run which was ordered by itself. */
  | { readonly kind: 'taken'; readonly runId: string };

export async function advanceWatch(watch: WatchRecord, deps: WatchDeps): Promise<WatchAdvanced> {
  const { ledger, clock } = deps;
  const now = clock.now();
  if (watch.state !== 'active' || !isDue(watch, now)) return { kind: 'waiting' };
  const last =
    watch.generation > 0 ? await ledger.getRun(generationRunId(watch, watch.generation)) : undefined;
  if (last && last.state !== 'settled') return { kind: 'waiting' };
  const generation = watch.generation + 1;
  const follows = await followedBy(watch, last, deps);
  const since = await changedSinceLast(watch, { generation, last }, ledger);
  const spec = specOf(watch, { generation, follows, since });
  const created = await ledger.createRun(spec, now, { generation });
  // Left by a process that died: what it follows may have been deleted since.
  const isOurs = created.kind !== 'different' || (generation > 1 && created.run.generation === generation);
  if (!isOurs) return { kind: 'taken', runId: spec.runId };
  const began = await ledger.beginGeneration({ watchId: watch.watchId, generation, follows, now });
  if (!began) return { kind: 'overtaken' };
  await forgetOld(watch, { generation, follows }, deps);
  return { kind: 'began', runId: spec.runId, follows };
}

export function nextAt({ beganAt, createdAt, spec }: WatchRecord): number {
  return beganAt === null ? createdAt : beganAt + spec.intervalMs;
}

function isDue(watch: WatchRecord, now: number): boolean {
  return now >= nextAt(watch);
}

/**
 * The last run with a plan: it has what was known, also where it did not come to its end. A run whose known differences
 * could not be taken over is followed by none: the series begins anew.
 */
async function followedBy(
  { follows }: WatchRecord,
  last: RunHeader | undefined,
  { ledger }: WatchDeps,
): Promise<string | null> {
  if (last?.planName) return last.runId;
  if (last?.failure?.code === 'RERUN_REFUSED' || follows === null) return null;
  return (await ledger.getRun(follows)) ? follows : null;
}

interface Next {
  readonly generation: number;
  readonly follows: string | null;
  readonly since: ChangedSince | undefined;
}

function specOf(watch: WatchRecord, { generation, follows, since }: Next): RunSpec {
  const { run } = watch.spec;
  const known = follows === null ? run.known : { ...run.known, of: follows };
  const changed = since && { changedSince: since };
  return runSpec.parse({ ...run, ...changed, runId: generationRunId(watch, generation), known });
}

/** One generation goes when one comes. The run that is followed stays. */
async function forgetOld(
  watch: WatchRecord,
  now: { readonly generation: number; readonly follows: string | null },
  { ledger }: WatchDeps,
): Promise<void> {
  const old = now.generation - watch.spec.keepRuns;
  if (old < 1) return;
  const runId = generationRunId(watch, old);
  if (runId !== now.follows) await ledger.deleteRun(runId);
}
