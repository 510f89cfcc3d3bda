/** Small schemas that several messages share. */
import { z } from 'zod';

/** The orchestrator's idempotency key. No ":" (it separates parts of Redis keys and of BullMQ's job ids). */
export const runId = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/,
    'expected 1 to 100 letters, digits, ".", "_" or "-", beginning with a letter or digit',
  );

/** The name of a connection in the processes' configuration, such as `source`. */
export const connectionRef = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_]{0,63}$/,
    'expected the name of a configured connection: letters, digits and "_", beginning with a letter',
  );

/**
 * A name of a table or column. A message bounds it before any database is asked: none that is compared has longer ones.
 * It is always quoted, so any character but NUL is fine.
 */
export const identifier = z
  .string()
  .min(1)
  .max(64)
  .refine((name) => !name.includes('\0'), 'expected an identifier without NUL characters');

/** A count that a JavaScript number holds exactly. */
export const safeCount = z.int().min(0);

/** Milliseconds since 1970-01-01 UTC. */
export const epochMs = z.int().min(0);

/**
 * A key: one text a column, in the order of the key. Integers and decimals are decimal digits, binary values are
 * lower-case hex, everything else is the text that MySQL gives in UTC. No key passes through a JavaScript number. Bytes
 * that are no text are a mark that no text begins with, and their hex (encodedText.ts).
 */
export const keyTuple = z.array(z.string()).min(1).max(16).readonly();
export type KeyTuple = z.infer<typeof keyTuple>;

/** A run's place in a series of runs over the same spec, from 1. */
export const generation = z.int().min(1);
