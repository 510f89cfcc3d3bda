/**
 * Holding shards in the Redis ledger: claim, commit, finish, split, release. Each is one script, so that the attempt is
 * checked, the state is written and the totals are added to in one step (law 4).
 */
import {
  direction,
  type Failure,
  GROUPS_A_TABLE_MAX,
  GROUPS_IN_RUN_MAX,
  KNOWN_IN_RUN_MAX,
  UNSTABLE_NAMED_MAX,
} from '@rowparity/contracts';
import {
  brokenRule,
  exhaustedFailure,
  expectFinish,
  type HeldWriteResult,
  type Hold,
  inexactSplit,
  NONE_PENDING,
  type Progress,
  type ShardHolds,
  type WriteResult,
} from '@rowparity/core';
import { encodeGroup } from './groupRecords.ts';
import { encodeKnown } from './knownRecords.ts';
import type { LedgerStore } from './ledgerStore.ts';
import {
  decodeShard,
  encodeCounts,
  encodeKey,
  encodePending,
  FAILURES_KEPT_MAX,
  strikesOf,
} from './shardRecords.ts';

export function holdsOf(store: LedgerStore): ShardHolds {
  const { run } = store;
  return {
    async claim({ runId, shard, generation: wanted = '', holder, strikesMax, now }) {
      const exhausted = JSON.stringify(exhaustedFailure(shard, strikesMax));
      const last = store.nameWrite();
      const args = [shard, oneLine(holder), strikesMax, now, last, exhausted, FAILURES_KEPT_MAX, wanted];
      const [kind, entry, state, planName, aim, generation] = (await run(
        'claim',
        store.keysOf(runId),
        args,
      )) as readonly string[];
      switch (kind) {
        case 'claimed': {
          const claimed = decodeShard(shard, entry ?? '', state ?? null);
          const hold = { runId, shard, attempt: claimed.attempt, last };
          return {
            kind,
            shard: claimed,
            strikes: strikesOf(state ?? ''),
            hold,
            planName: planName ?? '',
            direction: direction.parse(aim),
            generation: Number(generation),
          };
        }
        case 'done':
        case 'over':
        case 'paused':
        case 'unknown':
        case 'exhausted':
          return { kind };
        default:
          throw brokenRule(runId, `the script claim answered "${kind}".`);
      }
    },

    async commit(hold, progress, now) {
      const write = store.nameWrite();
      const args = writeArgs(hold, write, { progress, now, outcome: '', failure: null });
      return heldOn(hold, write, await run('write', store.keysOf(hold.runId), args));
    },

    async finish(hold, end, now) {
      const { outcome, failure } = end;
      expectFinish(hold, end);
      const args = writeArgs(hold, store.nameWrite(), { progress: end, now, outcome, failure });
      return written(hold.runId, await run('write', store.keysOf(hold.runId), args));
    },

    async split(hold, cuts) {
      const write = store.nameWrite();
      const args = [...heldBy(hold), write, ...cuts.map(encodeKey)];
      const answer = await run('split', store.keysOf(hold.runId), args);
      if (answer[0] === 'inexact') throw inexactSplit(hold.runId, hold.shard);
      return heldOn(hold, write, answer);
    },

    async release(hold) {
      const args = [...heldBy(hold), store.nameWrite()];
      return written(hold.runId, await run('release', store.keysOf(hold.runId), args));
    },
  };
}

interface Written {
  readonly progress: Progress;
  readonly now: number;
  /** Empty to commit only. */
  readonly outcome: string;
  readonly failure: Failure | null;
}

function writeArgs(hold: Hold, write: string, { progress, now, outcome, failure }: Written) {
  const { checkpoint, add } = progress;
  const moved = [encodeKey(checkpoint), encodeCounts(add), now];
  const end = [outcome, failure ? JSON.stringify(failure) : '', FAILURES_KEPT_MAX];
  const named = [unstableLines(hold, progress), UNSTABLE_NAMED_MAX];
  return [
    ...heldBy(hold),
    write,
    ...moved,
    ...end,
    ...named,
    encodePending(progress.pending ?? NONE_PENDING),
    ...knownArgs(progress),
    ...groupArgs(progress),
  ];
}

function knownArgs({ known }: Progress): readonly (string | number)[] {
  const { rows = [], beyond = 0, keep = 0 } = known ?? {};
  return [rows.map(encodeKnown).join('\n'), beyond, keep, KNOWN_IN_RUN_MAX];
}

function groupArgs({ groups: given }: Progress): readonly (string | number)[] {
  const { groups = [], beyond = 0 } = given ?? {};
  return [groups.map(encodeGroup).join('\n'), beyond, GROUPS_A_TABLE_MAX, GROUPS_IN_RUN_MAX];
}

function unstableLines({ shard }: Hold, { unstable = [] }: Progress): string {
  return unstable.map((row) => JSON.stringify({ shard, ...row })).join('\n');
}

/** What each write under a hold begins with. */
function heldBy({ shard, attempt, last }: Hold): readonly (number | string)[] {
  return [shard, attempt, last];
}

function heldOn(hold: Hold, last: string, answer: readonly unknown[]): HeldWriteResult {
  const result = written(hold.runId, answer);
  return result.kind === 'written' ? { ...result, hold: { ...hold, last } } : result;
}

function written(runId: string, [kind]: readonly unknown[]): WriteResult {
  if (kind === 'written' || kind === 'fenced' || kind === 'over') return { kind };
  throw brokenRule(runId, `a script of the ledger answered "${String(kind)}".`);
}

/** A shard's state is lines of text. */
function oneLine(holder: string): string {
  return holder.replace(/[\r\n]+/g, ' ');
}
