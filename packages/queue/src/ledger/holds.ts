/**
 * Holding shards in the Redis ledger: claim, commit, finish, split, release. Each is one script, so that the attempt is
 * checked, the state is written and the totals are added to in one step (law 4).
 */
import type { Failure } from '@rowparity/contracts';
import type { Ledger, WriteResult } from '@rowparity/core';
import { brokenRule, type LedgerStore } from './ledgerStore.ts';
import { decodeShard, encodeCounts, encodeKey, strikesOf } from './shardRecords.ts';

/** A report shows the first hundred; the rest stands at the shards themselves. */
const FAILURES_KEPT_MAX = 1000;

type Holds = Pick<Ledger, 'claim' | 'commit' | 'finish' | 'split' | 'release'>;

export function holdsOf(store: LedgerStore): Holds {
  const { run } = store;
  return {
    async claim({ runId, shard, holder, strikesMax, now }) {
      const exhausted = JSON.stringify(exhaustedFailure(shard, strikesMax));
      const args = [shard, oneLine(holder), strikesMax, now, store.nameWrite(), exhausted, FAILURES_KEPT_MAX];
      const [kind, entry, state] = (await run('claim', store.keysOf(runId), args)) as readonly string[];
      switch (kind) {
        case 'claimed':
          return {
            kind,
            shard: decodeShard(shard, entry ?? '', state ?? null),
            strikes: strikesOf(state ?? ''),
          };
        case 'done':
        case 'over':
        case 'unknown':
        case 'exhausted':
          return { kind };
        default:
          throw brokenRule(runId, `the script claim answered "${kind}".`);
      }
    },

    async commit(hold, { checkpoint, add }, now) {
      const args = [
        hold.shard,
        hold.attempt,
        store.nameWrite(),
        encodeKey(checkpoint),
        encodeCounts(add),
        now,
      ];
      return written(
        hold.runId,
        await run('write', store.keysOf(hold.runId), [...args, '', '', FAILURES_KEPT_MAX]),
      );
    },

    async finish(hold, { checkpoint, add, outcome, failure }, now) {
      if ((outcome === 'inconclusive') !== (failure !== null)) {
        throw brokenRule(
          hold.runId,
          `shard ${hold.shard}: expected a failure exactly with the outcome inconclusive.`,
        );
      }
      const args = [
        hold.shard,
        hold.attempt,
        store.nameWrite(),
        encodeKey(checkpoint),
        encodeCounts(add),
        now,
      ];
      const end = [outcome, failure ? JSON.stringify(failure) : '', FAILURES_KEPT_MAX];
      return written(hold.runId, await run('write', store.keysOf(hold.runId), [...args, ...end]));
    },

    async split(hold, cuts) {
      const args = [hold.shard, hold.attempt, store.nameWrite(), ...cuts.map(encodeKey)];
      const answer = await run('split', store.keysOf(hold.runId), args);
      if (answer[0] !== 'inexact') return written(hold.runId, answer);
      const message = `expected to split shard ${hold.shard} at keys inside its range, each behind the one before.`;
      throw brokenRule(hold.runId, message);
    },

    async release(hold) {
      const args = [hold.shard, hold.attempt, store.nameWrite()];
      return written(hold.runId, await run('release', store.keysOf(hold.runId), args));
    },
  };
}

function written(runId: string, [kind]: readonly unknown[]): WriteResult {
  if (kind === 'written' || kind === 'fenced' || kind === 'over') return { kind };
  throw brokenRule(runId, `a script of the ledger answered "${String(kind)}".`);
}

/** A shard's state is lines of text. */
function oneLine(holder: string): string {
  return holder.replace(/[\r\n]+/g, ' ');
}

function exhaustedFailure(shard: number, strikesMax: number): Failure {
  const message =
    `Shard ${shard}: ${strikesMax} attempts in a row ended without progress, each without a word (crashed, killed or ` +
    'cut off), so no more are made. Look at the logs of the workers that held it for a crash or a want of memory, ' +
    'mend that, and start a new run.';
  return { code: 'ATTEMPTS_EXHAUSTED', message };
}
