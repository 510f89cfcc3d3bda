/** Drains the shards of a planned run in this process. Several loops each read one shard at a time. */
import type { RunHeader } from '@rowparity/contracts';
import {
  type LedgerReadings,
  type PlanStore,
  type ShardHolds,
  type ShardWorkDeps,
  type Slot,
  workShard,
} from '@rowparity/core';

export interface Work {
  readonly run: Pick<RunHeader, 'runId' | 'window'>;
  readonly deps: ShardWorkDeps & {
    readonly ledger: ShardHolds & Pick<PlanStore, 'openShards'> & Pick<LedgerReadings, 'listOpenShards'>;
  };
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Ends when no shard is left and none is held that could still be split. When the signal aborts, releases its shards
 * and ends soon. Throws what the ledger throws, after every loop has ended.
 */
export async function drainShards({ run, deps, concurrency, signal }: Work): Promise<void> {
  const { runId, window } = run;
  const { ledger } = deps;
  // Shards that an earlier process took and did not finish come first.
  const taken = [...(await ledger.listOpenShards(runId))];
  const next = async (): Promise<number | undefined> => {
    if (taken.length === 0) taken.push(...(await ledger.openShards(runId, window)));
    return taken.shift();
  };
  const broken = new AbortController();
  const either = AbortSignal.any([signal, broken.signal]);
  /** Resolves when a shard has ended or was split; then there may be more to take. */
  let change = Promise.withResolvers<void>();
  const changed = () => {
    change.resolve();
    change = Promise.withResolvers();
  };
  let held = 0;
  const waiting = new Set<Promise<void>>();
  /** Resolves when the shard has ended, or only waits for its candidates. */
  const work = async (shard: number) => {
    held += 1;
    const rests = Promise.withResolvers<void>();
    const slot: Slot = {
      async giveBack() {
        rests.resolve();
        return true;
      },
    };
    const ended = workShard({ runId, shard }, { ...deps, slot, onSplit: changed }, either)
      .then((end) => {
        if (end.kind === 'released') taken.push(shard);
      })
      .finally(() => {
        held -= 1;
        changed();
      });
    waiting.add(ended);
    ended.catch((error: unknown) => broken.abort(error)).finally(() => waiting.delete(ended));
    await Promise.race([ended, rests.promise]);
  };
  const loop = async () => {
    try {
      while (!either.aborted) {
        const { promise } = change;
        const shard = await next();
        if (shard !== undefined) await work(shard);
        else if (held > 0) await promise;
        else return;
      }
    } catch (error) {
      broken.abort(error);
      throw error;
    }
  };
  await Promise.allSettled(Array.from({ length: concurrency }, loop));
  await Promise.allSettled(waiting);
  if (broken.signal.aborted) throw broken.signal.reason;
}
