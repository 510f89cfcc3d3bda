/**
 * How one table pair is compared: written once by the coordinator, read by every worker. It is stored by place, so it
 * does not depend on the direction of the run. Names are plain; the code that writes SQL quotes them.
 */
import { z } from 'zod';
import { type InRoles, places } from './places.ts';
import { identifier, safeCount } from './scalars.ts';

/**
 * How the bytes of a key value become the text of a key tuple and back. `time` is a TIME, a duration and not a moment.
 * `double` has the shortest digits that give the same number again.
 */
export const keyKind = z.enum(['integer', 'decimal', 'double', 'binary', 'text', 'temporal', 'time']);
export type KeyKind = z.infer<typeof keyKind>;

const tableName = z.strictObject({ schema: identifier, table: identifier });

export const sides = <T extends z.ZodType>(schema: T) => z.strictObject({ base: schema, target: schema });

/**
 * What both servers are asked for. `plain`: the column as it is stored; text in its own character set. `decimal`,
 * `double`: the wider common type of two columns whose types differ, so that equal values have equal bytes again.
 * `number`: the number behind a BIT or an ENUM. `text`: UTF-8, where the character sets of the sides differ or a person
 * reads the value in a key; a value that UTF-8 cannot carry is marked, and equals only itself.
 */
const readAs = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('plain') }),
  z.strictObject({
    kind: z.literal('decimal'),
    precision: z.int().min(1).max(65),
    scale: z.int().min(0).max(30),
  }),
  z.strictObject({ kind: z.literal('double') }),
  z.strictObject({ kind: z.literal('number') }),
  z.strictObject({ kind: z.literal('text'), charsets: places(z.string()) }),
]);
export type ReadAs = InRoles<z.infer<typeof readAs>>;

/**
 * Rules that make unequal bytes equal; each is counted, and can be switched off in the spec. `json`: documents of
 * one meaning (order of keys, spelling of numbers). `negativeZero`: −0 is 0. `floatWidth`: a DOUBLE that is the
 * FLOAT of the other side to FLOAT's precision. `setOrder`: a SET of the same members, declared in another order.
 */
export const ruleName = z.enum(['json', 'negativeZero', 'floatWidth', 'setOrder']);
export type RuleName = z.infer<typeof ruleName>;

const comparedColumn = z.strictObject({
  /** The column's name on each side. */
  names: places(identifier),
  /** The declared type on each side, as the catalog gives it, such as `bigint unsigned`. */
  types: places(z.string()),
  readAs,
  /** Rules that apply to a value of this column whose bytes differ. */
  rules: z.array(ruleName),
  /** NOT NULL on both sides. */
  isNotNull: z.literal(true).optional(),
});
export type ComparedColumn = InRoles<z.infer<typeof comparedColumn>>;

/** Rows are found by their update time, through an index of (time, key). */
const changedRows = z.strictObject({
  names: places(identifier),
  /** Declared types, TIMESTAMP or DATETIME. */
  types: places(z.string()),
  indexes: places(identifier),
  /** `YYYY-MM-DD hh:mm:ss.fff`: rows from this time on are compared. */
  from: z.string().regex(/^\d{4,}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/),
});

const keyColumn = z.strictObject({
  /** Index into `columns`. */
  column: safeCount,
  kind: keyKind,
  /** The collation that each side compares the key by; only for text. */
  collations: places(z.string()).optional(),
});
export type KeyColumn = InRoles<z.infer<typeof keyColumn>>;

export const MULTISET_BUCKETS_MAX = 65_536;

export const tablePlan = z.strictObject({
  tables: places(tableName),
  columns: z.array(comparedColumn).min(1),
  /** Empty where only their contents distinguish the rows; only with `multiset`. */
  key: z.array(keyColumn).max(16),
  /**
   * Rows are not read in the order of a key. They are compared as multisets of digests, in this many buckets, a power
   * of two. A range of such a table is a range of buckets.
   */
  multiset: z.strictObject({ buckets: z.int().min(1).max(MULTISET_BUCKETS_MAX) }).optional(),
  /** Only rows that changed since a time are compared. The table is one shard: its checkpoint is a place in time. */
  changed: changedRows.optional(),
  /** The index that holds the key, on each side; null where none can be read in the order of the key. */
  indexes: places(identifier.nullable()),
  /** A predicate in each side's own words: only rows that satisfy it are compared. */
  where: places(z.string()).nullable(),
});
/** As it is stored. */
export type PlacedTablePlan = z.infer<typeof tablePlan>;
/** As core uses it: the direction of the run has turned places to roles. */
export type TablePlan = InRoles<PlacedTablePlan>;
