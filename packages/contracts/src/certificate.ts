/**
 * The certificate of a settled run, as JSON lines: a header, a line a table pair, a line a shard, a footer. Each line
 * ends with `sha256`, which covers the hash of the line before it and the rest of its own line. A line cannot be
 * changed, removed or moved without a change of every line after it. The last hash stands for the whole file.
 */
import { z } from 'zod';
import { counts } from './counts.ts';
import { direction } from './direction.ts';
import { failure, failureCode } from './failure.ts';
import { keyRange, outcome, verdict } from './ledgerRecords.ts';
import { inheritedShards } from './rerun.ts';
import { runSpec } from './runSpec.ts';
import { epochMs, generation, runId, safeCount } from './scalars.ts';
import { serverIdentity } from './serverIdentity.ts';
import { keyKind, ruleName, sides } from './tablePlan.ts';

export const CERTIFICATE_VERSION = 2;

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected 64 hexadecimal digits');

const header = z.strictObject({
  kind: z.literal('header'),
  version: z.literal(CERTIFICATE_VERSION),
  runId,
  generation,
  direction,
  spec: runSpec,
  /** Of the spec, of all plans (columns, types, rules, keys, predicates) and of all schemas, as canonical JSON. */
  specSha256: sha256,
  plansSha256: sha256,
  schemasSha256: sha256,
  /** What the servers reported about themselves before any row was read; null when the run was never planned. */
  servers: sides(serverIdentity).nullable(),
  createdAt: epochMs,
  plannedAt: epochMs.nullable(),
  settledAt: epochMs,
});

const tableLine = z.strictObject({
  kind: z.literal('table'),
  table: safeCount,
  name: z.string(),
  key: z.array(z.strictObject({ name: z.string(), kind: keyKind })),
  /** The base's names of the columns that were compared. */
  columns: z.array(z.string()),
  /** Columns of each side that were not. */
  leftOut: sides(z.array(z.string())),
  /** Rules that may have made unequal bytes equal. */
  rules: z.array(ruleName),
  where: sides(z.string()).nullable(),
  refusal: failure.nullable(),
  changed: failure.nullable(),
  /** Absent where every shard was compared in this run. */
  inherited: inheritedShards.optional(),
  /** Shards of the plan; more when some were split. */
  planned: safeCount,
});

const shardLine = z.strictObject({
  kind: z.literal('shard'),
  shard: safeCount,
  table: safeCount,
  range: keyRange,
  /** The shard read so many keys in place of its range, which is open. */
  keys: safeCount.optional(),
  /** Only those that are not zero. */
  counts: counts.partial(),
  /** Null when the run ended before the shard did. */
  outcome: outcome.nullable(),
  failure: failureCode.nullable(),
  attempt: safeCount,
  /** Claim of the first attempt whose rows are counted, and the end of the last one. */
  startedAt: epochMs.nullable(),
  endedAt: epochMs.nullable(),
  /** The run in which it was compared, at these times; absent: in this one. */
  inheritedFrom: runId.optional(),
});

const tally = z.strictObject({
  open: safeCount,
  match: safeCount,
  differs: safeCount,
  inconclusive: safeCount,
});

const footer = z.strictObject({
  kind: z.literal('footer'),
  verdict,
  failure: failure.nullable(),
  cancelled: z.boolean(),
  /** The ledger's own sums, in the order of the tables; made by the commits, not from the lines above. */
  totals: z.array(z.strictObject({ counts: counts.partial(), shards: tally })),
});

/** A line without its `sha256`. */
export const certificateLine = z.discriminatedUnion('kind', [header, tableLine, shardLine, footer]);
export type CertificateLine = z.infer<typeof certificateLine>;
export type CertificateHeader = z.infer<typeof header>;
export type CertificateTable = z.infer<typeof tableLine>;
export type CertificateShard = z.infer<typeof shardLine>;
export type CertificateFooter = z.infer<typeof footer>;
