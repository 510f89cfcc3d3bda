/** What the holders of shards are to do, of many runs in one small read. */
import { type RunState, runId as runIdSchema } from '@rowparity/contracts';
import { intentOf, type RunIntent } from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import type { ReadStore } from './ledgerStore.ts';
import { numberOrNull } from './runRecords.ts';

export async function runIntents(
  { redis, keysOf }: ReadStore,
  runIds: readonly string[],
): Promise<readonly RunIntent[]> {
  const known = runIds.filter((runId) => runIdSchema.safeParse(runId).success);
  const reading = redis.pipeline();
  for (const runId of known) reading.hmget(keysOf(runId).run, 'state', 'cancelRequested', 'pausedAt');
  const answers = known.length > 0 ? ((await orRedisFault(reading.exec())) ?? []) : [];
  const found = new Map(
    known.map((runId, place) => {
      const [error, fields] = answers[place] ?? [];
      return [runId, error ? 'work' : intentFrom(fields as readonly (string | null)[])];
    }),
  );
  return runIds.map((runId) => found.get(runId) ?? 'stop');
}

function intentFrom([state, cancelled, pausedAt]: readonly (string | null)[]): RunIntent {
  if (state == null) return 'stop';
  return intentOf({
    // Of any other text, the scripts take no write either.
    state: state as RunState,
    cancelRequested: cancelled === '1',
    pausedAt: numberOrNull(pausedAt ?? undefined),
  });
}
