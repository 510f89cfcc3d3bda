/**
 * How one table pair is compared: written once by the coordinator, read by every worker. Names are plain; whoever
 * writes SQL quotes them.
 */
import { z } from 'zod';
import { identifier, safeCount } from './scalars.ts';

/** How the bytes of a key value become the text of a key tuple and back. */
export const keyKind = z.enum(['integer', 'decimal', 'binary', 'text', 'temporal']);
export type KeyKind = z.infer<typeof keyKind>;

const tableName = z.strictObject({ schema: identifier, table: identifier });
export type TableName = z.infer<typeof tableName>;

const sides = <T extends z.ZodType>(of: T) => z.strictObject({ base: of, target: of });

const comparedColumn = z.strictObject({
  /** The column's name on each side. */
  names: sides(identifier),
  /** The declared type on each side, as the catalog gives it, such as `bigint unsigned`. */
  types: sides(z.string()),
});
export type ComparedColumn = z.infer<typeof comparedColumn>;

const keyColumn = z.strictObject({
  /** Index into `columns`. */
  column: safeCount,
  kind: keyKind,
});
export type KeyColumn = z.infer<typeof keyColumn>;

export const tablePlan = z.strictObject({
  tables: sides(tableName),
  columns: z.array(comparedColumn).min(1),
  key: z.array(keyColumn).min(1).max(16),
  /** The index that holds the key, on each side. */
  indexes: sides(identifier),
});
export type TablePlan = z.infer<typeof tablePlan>;
