/** Names a row beyond the run that found it: connections, table pair and key give the same name in every run. */
import { hash } from 'node:crypto';
import type { KeyTuple } from '@rowparity/contracts';
import type { Places } from '../sides/roles.ts';

/** 128 bits, so that no two rows share one by chance. */
const ROW_ID_CHARS = 32;

/** By place, so that the direction does not matter. */
export interface RowSpace {
  readonly connections: Places<string>;
  readonly tables: Places<string>;
  /** Of the plan: what its keys name. */
  readonly keySpace: string;
}

/** Every part is framed by its length. Names of connections are the same in upper and lower case. */
export function rowIdOf({ connections, tables }: RowSpace, key: KeyTuple): string {
  const { source, destination } = connections;
  const parts = [source.toUpperCase(), destination.toUpperCase(), tables.source, tables.destination, ...key];
  return framedHash(parts).slice(0, ROW_ID_CHARS);
}

export function framedHash(parts: readonly string[]): string {
  return hash('sha256', parts.map((part) => `${Buffer.byteLength(part)}:${part}`).join(''), 'hex');
}
