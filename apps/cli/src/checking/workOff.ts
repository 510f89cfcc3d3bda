/** Works the shards of a planned run off in this process: some loops, each one shard after the other. */
import type { RunRecord } from '@rowparity/contracts';
import { type ShardWorkParts, workShard } from '@rowparity/core';

export interface Work {
  readonly run: RunRecord;
  readonly parts: ShardWorkParts;
  readonly concurrency: number;
  readonly signal: AbortSignal;
}

/**
 * Ends when no shard is left, or soon after the signal aborts, with the shards handed back. Throws what the ledger
 * throws, after every loop has let go.
 */
export async function workOff({ run, parts, concurrency, signal }: Work): Promise<void> {
  const { runId, spec } = run;
  const { ledger } = parts;
  // What an earlier process had taken and not ended comes first.
  const taken = [...(await ledger.listOpenShards(runId))];
  const next = async (): Promise<number | undefined> => {
    if (taken.length === 0) taken.push(...(await ledger.openShards(runId, spec.shard.window)));
    return taken.shift();
  };
  const broken = new AbortController();
  const either = AbortSignal.any([signal, broken.signal]);
  const loop = async () => {
    try {
      for (let shard = await next(); shard !== undefined && !either.aborted; shard = await next()) {
        await workShard({ runId, shard }, parts, either);
      }
    } catch (error) {
      broken.abort(error);
      throw error;
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: concurrency }, loop));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed) throw broken.signal.reason;
}
