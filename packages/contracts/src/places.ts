/**
 * Source and destination are the two databases of a migration, fixed for its whole life. What is stored is by place;
 * the direction of a run turns it to roles, base and target.
 */
import { z } from 'zod';

export const places = <T extends z.ZodType>(each: T) => z.strictObject({ source: each, destination: each });

/** The same with base and target in place of every source and destination. */
export type InRoles<T> = T extends readonly (infer Item)[]
  ? InRoles<Item>[]
  : T extends { readonly source: infer Value; readonly destination: unknown }
    ? { base: InRoles<Value>; target: InRoles<Value> }
    : T extends object
      ? { [Name in keyof T]: InRoles<T[Name]> }
      : T;
