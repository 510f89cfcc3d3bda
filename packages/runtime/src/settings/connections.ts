/** The connections that specs name: one variable each, ROWPARITY_CONNECTION_<NAME>. */
import type { z } from 'zod';
import type { Environment } from './environment.ts';
import { CONNECTION_PREFIX, FILE_SUFFIX } from './option.ts';

/** What a URL says. Its messages must not show the URL: it holds a password. */
export type ConnectionSchema<C> = z.ZodType<C, string>;

export interface ReadConnections<C> {
  /** By upper-case name. */
  readonly connections: ReadonlyMap<string, C>;
  readonly problems: readonly string[];
}

export function readConnections<C>(
  { variables }: Environment,
  schema: ConnectionSchema<C>,
): ReadConnections<C> {
  const connections = new Map<string, C>();
  const problems: string[] = [];
  for (const [variable, { text }] of variables) {
    if (!isConnection(variable)) continue;
    const name = variable.slice(CONNECTION_PREFIX.length).toUpperCase();
    const read = schema.safeParse(text);
    if (read.success) connections.set(name, read.data);
    else problems.push(`${CONNECTION_PREFIX}${name}: ${read.error.issues[0]?.message}`);
  }
  if (connections.size === 0 && problems.length === 0) problems.push(NONE);
  return { connections, problems };
}

const NONE = `${CONNECTION_PREFIX}<NAME>: expected at least one connection, such as ${CONNECTION_PREFIX}SOURCE=mysql://user:password@host:3306/database; none is set.`;

export function isConnection(variable: string): boolean {
  return variable.startsWith(CONNECTION_PREFIX) && !variable.endsWith(FILE_SUFFIX);
}
