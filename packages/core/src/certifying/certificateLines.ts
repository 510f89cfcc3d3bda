/** Writes the certificate of a settled run from what the ledger holds: the same records give the same bytes. */
import {
  CERTIFICATE_VERSION,
  type CertificateFooter,
  type CertificateHeader,
  type CertificateShard,
  type CertificateTable,
  COUNT_NAMES,
  type Counts,
  type Failure,
  type RunState,
  type SchemaHashes,
  type ShardRecord,
  type TablePlan,
} from '@rowparity/contracts';
import { foldedName } from '../catalogs/columnNames.ts';
import { fingerprintOf } from '../hashing/canonicalJson.ts';
import { readWholeRun, type WholeRun, type WholeTable } from '../ledgering/wholeRun.ts';
import type { LedgerReadings, TableTotals } from '../ports/ledger.ts';
import { damageFailure } from '../settling/damagedRun.ts';
import { mapSides, type Side } from '../sides/sides.ts';
import { HashChain } from './hashChain.ts';

/** Shards of one read of the ledger and of one piece of text. */
const SHARDS_A_READ = 1000;

/** The settled run of this id, ready for its certificate; else the run's state, or undefined for an unknown run. */
export type Certifiable =
  | { readonly kind: 'settled'; readonly run: WholeRun }
  | { readonly kind: 'open'; readonly state: RunState }
  /** The ledger has lost a part of the run: a certificate of the rest would prove nothing. */
  | { readonly kind: 'damaged'; readonly failure: Failure };

export async function certifiable(runId: string, ledger: LedgerReadings): Promise<Certifiable | undefined> {
  const run = await readWholeRun(runId, ledger);
  if (!run) return undefined;
  if (run.state !== 'settled') return { kind: 'open', state: run.state };
  const damage = await ledger.damageOf(runId);
  return damage.length > 0
    ? { kind: 'damaged', failure: damageFailure(runId, damage) }
    : { kind: 'settled', run };
}

/** Pieces of text, each of some whole lines. A settled run never changes. */
export async function* certificateText(
  run: WholeRun,
  ledger: Pick<LedgerReadings, 'listShards' | 'totals'>,
): AsyncGenerator<string, void, void> {
  const chain = new HashChain();
  yield `${chain.seal(headerOf(run))}\n`;
  for (const [table, record] of run.tables.entries()) yield `${chain.seal(tableOf(record, table))}\n`;
  // The shards of an unfinished planning are not a plan.
  const count = run.plannedAt === null ? 0 : run.shards;
  for (let from = 0; from < count; from += SHARDS_A_READ) {
    const shards = await ledger.listShards(run.runId, from, SHARDS_A_READ);
    yield shards.map((shard) => `${chain.seal(shardOf(shard))}\n`).join('');
  }
  yield `${chain.seal(footerOf(run, await ledger.totals(run.runId)))}\n`;
}

function headerOf(run: WholeRun): CertificateHeader {
  const { runId, generation, spec, direction, servers, createdAt, plannedAt, settledAt, tables } = run;
  return {
    kind: 'header',
    version: CERTIFICATE_VERSION,
    runId,
    generation,
    direction,
    spec,
    specSha256: fingerprintOf(spec),
    plansSha256: fingerprintOf(tables.map(({ plan }) => plan)),
    schemasSha256: fingerprintOf(tables.map(({ schemas }) => schemas ?? null)),
    servers: servers ?? null,
    createdAt,
    plannedAt,
    settledAt: settledAt ?? createdAt,
  };
}

function tableOf(
  { name, plan, schemas, refusal, changed, inherited, shards }: WholeTable,
  table: number,
): CertificateTable {
  const columns = plan?.columns ?? [];
  return {
    kind: 'table',
    table,
    name,
    key: (plan?.key ?? []).map(({ column, kind }) => ({ name: columns[column]?.names.base ?? '', kind })),
    columns: columns.map(({ names }) => names.base),
    leftOut:
      schemas && plan
        ? mapSides(schemas, (parts, side) => leftOut(plan, parts, side))
        : { base: [], target: [] },
    rules: [...new Set(columns.flatMap(({ rules }) => rules))],
    where: plan?.where ?? null,
    refusal,
    changed: changed ?? null,
    ...(inherited ? { inherited } : {}),
    planned: shards,
  };
}

const COLUMN = 'column ';

function leftOut({ columns }: TablePlan, parts: SchemaHashes, side: Side): string[] {
  const compared = new Set(columns.map(({ names }) => foldedName(names[side])));
  return Object.keys(parts)
    .filter((part) => part.startsWith(COLUMN))
    .map((part) => part.slice(COLUMN.length))
    .filter((name) => !compared.has(foldedName(name)));
}

function shardOf(record: ShardRecord): CertificateShard {
  const { shard, table, range, counts, outcome, failure, attempt, claimedAt, finishedAt } = record;
  const { inheritedFrom, keys } = record;
  return {
    ...{ kind: 'shard', shard, table, range, counts: notZero(counts), outcome },
    ...(keys === undefined ? {} : { keys: keys.length }),
    failure: failure?.code ?? null,
    attempt,
    startedAt: claimedAt,
    endedAt: finishedAt,
    ...(inheritedFrom === undefined ? {} : { inheritedFrom }),
  };
}

function footerOf(run: WholeRun, totals: readonly TableTotals[]): CertificateFooter {
  if (run.verdict === null) throw new Error(`run ${run.runId}: a settled run has a verdict`);
  return {
    kind: 'footer',
    verdict: run.verdict,
    failure: run.failure,
    cancelled: run.cancelRequested,
    totals: totals.map(({ counts, shards: { planned, running, match, differs, inconclusive } }) => ({
      counts: notZero(counts),
      shards: { open: planned + running, match, differs, inconclusive },
    })),
  };
}

function notZero(counts: Counts): Partial<Counts> {
  return Object.fromEntries(
    COUNT_NAMES.filter((name) => counts[name] > 0).map((name) => [name, counts[name]]),
  );
}
