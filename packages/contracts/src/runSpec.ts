/**
 * The run spec: what an orchestrator asks for. It names connections by reference only; secrets live in the
 * configuration of the processes.
 */
import { z } from 'zod';
import { DEFAULT_TOPIC, topicName } from './allowedTopics.ts';

import { changedSince } from './changedSince.ts';
import { type Direction, direction, directionOfStage, stage } from './direction.ts';
import { fencePolicy } from './fencePolicy.ts';
import { KNOWN_KEPT_DEFAULT, KNOWN_KEPT_MAX } from './knownDifference.ts';
import { predicate } from './predicates.ts';
import { basedOn, isRecheck } from './rerun.ts';
import { connectionRef, identifier, runId } from './scalars.ts';
import { ruleName } from './tablePlan.ts';
import { webhookPolicy } from './webhookPolicy.ts';

export const RUN_SPEC_VERSION = 1;

/** Most tables that one spec may list; a pattern may find more. */
const TABLE_SELECTIONS_MAX = 1000;
/** As many columns as a table can have. */
const COLUMNS_MAX = 4096;
/** Fewer rows than this in a shard and the queue costs more than the comparison. */
const SHARD_ROWS_MIN = 10;
const SHARD_ROWS_MAX = 100_000_000;
/** A recheck later than this holds back its shard's checkpoint for too long. */
const RECHECK_DELAY_MS_MAX = 60_000;
const RECHECK_ROUNDS_MAX = 20;
/** With these, the looks and a wait of a candidate end before a worker takes the silent shard for hung (15 minutes). */
const STILL_MS_MAX = 90_000;
const WAIT_MS_MAX = 300_000;

const columnNames = z.array(identifier).min(1).max(COLUMNS_MAX);

/** Tables by name, or by a pattern with `*` (any characters) and `?` (one character), found on either side. */
const tableSelection = z.union([
  z.strictObject({
    name: identifier.describe('table name on the source'),
    destination: identifier.optional().describe('table name on the destination, when it differs'),
    key: z.array(identifier).min(1).max(16).optional().describe('columns of the key to compare by'),
    columns: columnNames.optional().describe('source columns to compare; all when left out'),
    excludeColumns: columnNames.optional().describe('source columns to leave out'),
    renamedColumns: z.record(identifier, identifier).optional().describe('source name to destination name'),
    where: predicate.optional().describe('compare only rows that satisfy this predicate'),
  }),
  z.strictObject({
    pattern: identifier.describe('pattern of table names'),
    exclude: z.array(identifier).max(TABLE_SELECTIONS_MAX).optional(),
    excludeColumns: columnNames
      .optional()
      .describe('columns to leave out of every table found that has them'),
  }),
]);

const shardPolicy = z.strictObject({
  rows: z.int().min(SHARD_ROWS_MIN).max(SHARD_ROWS_MAX).default(100_000).describe('wanted rows in a shard'),
  window: z
    .int()
    .min(1)
    .max(10_000)
    .default(256)
    .describe('most shard jobs of this run on the queue at once'),
  pageRows: z
    .int()
    .min(1)
    .max(100_000)
    .default(20_000)
    .describe('most rows of a page: what is compared, rechecked and committed at a time'),
});

const recheckPolicy = z.strictObject({
  delaysMs: z
    .array(z.int().min(0).max(RECHECK_DELAY_MS_MAX))
    .min(1)
    .max(RECHECK_ROUNDS_MAX)
    .optional()
    .describe(
      'a schedule of your own: delay before each reading again of a candidate; two equal readings then confirm it',
    ),
  stillMs: z
    .union([z.literal('auto'), z.int().min(0).max(STILL_MS_MAX)])
    .default('auto')
    .describe(
      'how long a difference must stand still through five looks; auto: 5 s, and three times the slowest convergence seen, 90 s at most',
    ),
  fence: fencePolicy
    .default('auto')
    .describe(
      'what a difference must wait for; auto: where one server replicates from the other by GTID, until the replica has applied what its source had',
    ),
  maxWaitMs: z
    .int()
    .min(0)
    .max(WAIT_MS_MAX)
    .default(60_000)
    .describe('longest wait behind the fence; what waits longer is TARGET_BEHIND'),
});

const eventPolicy = z.strictObject({
  topic: topicName.default(DEFAULT_TOPIC),
  format: z.enum(['full', 'minimal']).default('full'),
  resolved: z
    .boolean()
    .default(false)
    .describe(
      'also tell known differences that compared equal, with State "resolved"; never in the minimal format',
    ),
});

const knownPolicy = z.strictObject({
  keep: z
    .int()
    .min(0)
    .max(KNOWN_KEPT_MAX)
    .default(KNOWN_KEPT_DEFAULT)
    .describe('confirmed differences of a table pair whose keys are kept with the run; 0: none'),
  of: runId
    .optional()
    .describe('a settled run whose known differences are looked at first, and told as still or resolved'),
});

type Selection = z.output<typeof tableSelection>;

/**
 * On one database: a pattern finds the same names on both sides, and a table without another name is its own partner.
 */
function isPairedWithItself(selection: Selection): boolean {
  return 'pattern' in selection || (selection.destination ?? selection.name) === selection.name;
}

/** Names of connections are the same in upper and lower case. */
function isSameRef(a: string, b: string): boolean {
  return a.toUpperCase() === b.toUpperCase();
}

/** What cannot be asked for beside the rows that changed. */
function changedProblems(spec: Pick<Refined, 'changedSince' | 'basedOn' | 'strategy'>) {
  if (!spec.changedSince) return [];
  const found: { readonly path: string[]; readonly message: string }[] = [];
  if (spec.basedOn) {
    const message =
      'a run of the rows that changed is based on no other run: leave one of basedOn and changedSince out';
    found.push({ path: ['changedSince'], message });
  }
  if (spec.strategy !== 'exact') {
    const message = 'rows that changed are read by key, so there is nothing to digest: leave strategy out';
    found.push({ path: ['strategy'], message });
  }
  return found;
}

const fields = z.strictObject({
  version: z.literal(RUN_SPEC_VERSION),
  runId,
  source: connectionRef,
  destination: connectionRef,
  allowSame: z
    .boolean()
    .default(false)
    .describe('compare a table with itself, which proves nothing, when both sides are one database'),
  stage: stage.optional(),
  direction: direction.optional(),
  tables: z.array(tableSelection).min(1).max(TABLE_SELECTIONS_MAX),
  excludeColumns: columnNames.optional().describe('source columns to leave out of every table that has them'),
  shard: shardPolicy.prefault({}),
  recheck: recheckPolicy.prefault({}),
  events: eventPolicy.prefault({}),
  known: knownPolicy.prefault({}),
  basedOn: basedOn
    .optional()
    .describe('compare only some shards of a settled run anew, and inherit the others'),
  changedSince: changedSince
    .optional()
    .describe('compare only rows that changed since a time; never proves a table consistent'),
  webhook: webhookPolicy
    .optional()
    .describe('told of the first difference and of the verdict; of a migration, also when its gate opens'),
  strategy: z
    .enum(['exact', 'checksum', 'auto'])
    .default('exact')
    .describe('exact reads all rows; checksum reads what differs by digest; auto measures both'),
  /** Rules that must not make unequal bytes equal. */
  rulesOff: z.array(ruleName).default([]),
});

/** A spec, or what is left of one in a template. */
type Refined = Omit<z.output<typeof fields>, 'runId'> & { readonly runId?: string };

/** Which fields go together. */
function refine(spec: Refined, ctx: z.RefinementCtx): void {
  if (spec.stage === undefined && spec.direction === undefined) {
    ctx.addIssue({
      code: 'custom',
      path: ['direction'],
      message: 'expected a direction (SRC or DST) or a stage',
    });
  }
  expectTwoSides(spec, ctx);
  if (spec.known.of !== undefined && (spec.basedOn || spec.known.of === spec.runId)) {
    const message =
      'a run follows an earlier one, and a run that is based on one follows none: leave one of the two out';
    ctx.addIssue({ code: 'custom', path: ['known', 'of'], message });
  }
  if (spec.basedOn && spec.basedOn.runId === spec.runId) {
    const message = 'a run cannot be based on itself: give the new run another runId';
    ctx.addIssue({ code: 'custom', path: ['basedOn', 'runId'], message });
  }
  for (const problem of changedProblems(spec)) ctx.addIssue({ code: 'custom', ...problem });
  if (spec.stage && spec.direction && directionOfStage(spec.stage) !== spec.direction) {
    ctx.addIssue({
      code: 'custom',
      path: ['direction'],
      message: `stage ${spec.stage} trusts ${directionOfStage(spec.stage)}: leave direction out, or make them agree`,
    });
  }
}

type TwoSides = Pick<z.output<typeof fields>, 'source' | 'destination' | 'allowSame' | 'tables'>;

function expectTwoSides(spec: TwoSides, ctx: z.core.$RefinementCtx): void {
  if (!isSameRef(spec.source, spec.destination) || spec.allowSame || !spec.tables.some(isPairedWithItself))
    return;
  ctx.addIssue({
    code: 'custom',
    path: ['destination'],
    message: `source and destination are the same connection, "${spec.source}", so a table would be compared with itself: name another connection, or set allowSame`,
  });
}

export const runSpec = fields.superRefine(refine);

/** A series gives each run what it follows. */
const ownKnown = knownPolicy.omit({ of: true }).prefault({});

/** What every run of a series has: all but its id and what it follows, which the series gives it. */
export const runTemplate = fields
  .omit({ runId: true, basedOn: true, changedSince: true })
  .extend({ known: ownKnown })
  .superRefine(refine);

/** A spec whose run id and direction are given with each run. It is of all shards, so it is based on no other run. */
export const specTemplate = fields
  .omit({ runId: true, stage: true, direction: true, basedOn: true, changedSince: true })
  .extend({ known: ownKnown })
  .superRefine(expectTwoSides);

/** A spec with every default filled in. */
export type RunSpec = z.output<typeof runSpec>;
/** A spec as a person writes it. */
export type RunSpecInput = z.input<typeof runSpec>;
export type TableSelection = RunSpec['tables'][number];

/** The run whose known differences a run looks at; undefined for one that follows none. */
export function followedRun({
  basedOn: based,
  known,
}: Pick<RunSpec, 'basedOn' | 'known'>): string | undefined {
  return based && isRecheck({ basedOn: based }) ? based.runId : known.of;
}

/** The direction of a valid spec: given, or that of its stage. */
export function directionOf(spec: RunSpec): Direction {
  if (spec.direction) return spec.direction;
  if (spec.stage) return directionOfStage(spec.stage);
  throw new Error(`run ${spec.runId}: a valid spec has a direction or a stage`);
}
