/** The known differences of a run as an answer: by names, a page at a time. */
import {
  type EventKeyValue,
  followedRun,
  isRecheck,
  type KeyTuple,
  KNOWN_LISTED_MAX,
  type KnownAnswer,
  type KnownDifference,
  type KnownPlace,
  type KnownQuery,
  knownCursor,
  type TablePlan,
} from '@rowparity/contracts';
import { NONE_KNOWN } from '../ledgering/tallies.ts';
import { readWholeRun, type WholeRunReadings, type WholeTable } from '../ledgering/wholeRun.ts';
import type { LedgerReadings } from '../ports/ledger.ts';
import { wireKey } from '../shards/eventOf.ts';

const LIMIT_DEFAULT = 200;

type Readings = WholeRunReadings & Pick<LedgerReadings, 'listKnown' | 'knownTotals'>;

/** Undefined for an unknown run. */
export async function knownOf(
  runId: string,
  { limit: asked = LIMIT_DEFAULT, cursor: after, order }: KnownQuery,
  ledger: Readings,
): Promise<KnownAnswer | undefined> {
  const run = await readWholeRun(runId, ledger);
  if (!run) return undefined;
  const limit = Math.min(asked, KNOWN_LISTED_MAX);
  const [totals, rows] = await Promise.all([
    ledger.knownTotals(runId),
    order === 'newest'
      ? newestOf(runId, limit, ledger)
      : ledger.listKnown(runId, { limit: limit + 1, after }),
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    runId,
    follows: followedRun(run.spec) ?? null,
    tables: run.tables.flatMap(({ name, follows }, i) => {
      const { kept, beyond } = totals[i] ?? NONE_KNOWN;
      // A recheck knows no more than the run before it kept.
      const overflowed = beyond > 0 || (isRecheck(run.spec) && follows?.isWhole === false);
      return kept > 0 || overflowed ? [{ name, kept, beyond, overflowed }] : [];
    }),
    known: page.map((row) => named(row, run.tables[row.table])),
    next: rows.length > limit && last ? knownCursor(last) : null,
  };
}

/** All of them are read, a page at a time; some are held. */
async function newestOf(
  runId: string,
  limit: number,
  ledger: Pick<LedgerReadings, 'listKnown'>,
): Promise<readonly KnownDifference[]> {
  let newest: KnownDifference[] = [];
  let after: KnownPlace | undefined;
  for (;;) {
    const page = await ledger.listKnown(runId, { limit: KNOWN_LISTED_MAX, after });
    newest = [...newest, ...page].sort((a, b) => b.lastSeen - a.lastSeen).slice(0, limit);
    after = page.at(-1);
    if (after === undefined || page.length < KNOWN_LISTED_MAX) return newest;
  }
}

function named(
  { table: _, key, keySpace: __, ...row }: KnownDifference,
  table: WholeTable | undefined,
): KnownAnswer['known'][number] {
  const plan = table?.plan;
  const texts: Readonly<Record<string, EventKeyValue>> =
    plan && isKeyOf(plan, key)
      ? wireKey(plan, key)
      : Object.fromEntries(key.map((text, i) => [`${i}`, text]));
  const byName = Object.entries(texts).map(
    ([name, value]) => [name, typeof value === 'bigint' ? String(value) : value] as const,
  );
  return { ...row, columns: [...row.columns], table: table?.name ?? '', key: Object.fromEntries(byName) };
}

const INTEGER = /^-?\d+$/;

/** A row may be known from a run in which the table had another key. */
function isKeyOf({ key: parts }: TablePlan, key: KeyTuple): boolean {
  return (
    parts.length === key.length &&
    parts.every(({ kind }, i) => kind !== 'integer' || INTEGER.test(key[i] as string))
  );
}
