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

/** What the ids of all rows of a table pair begin with, before the hash. */
const beginnings = new WeakMap<RowSpace, string>();

/** Every part is framed by its length. Names of connections are the same in upper and lower case. */
export function rowIdOf(space: RowSpace, key: KeyTuple): string {
  let beginning = beginnings.get(space);
  if (beginning === undefined) {
    const { connections, tables } = space;
    const names = [connections.source.toUpperCase(), connections.destination.toUpperCase()];
    beginning = framed([...names, tables.source, tables.destination]);
    beginnings.set(space, beginning);
  }
  return hashOf(beginning + framed(key), ROW_ID_CHARS);
}

/** The parts as one text, from which each can be told. */
export function framed(parts: readonly string[]): string {
  let text = '';
  for (const part of parts) text += `${Buffer.byteLength(part)}:${part}`;
  return text;
}

export function hashOf(text: string, chars: number): string {
  return hash('sha256', text, 'hex').slice(0, chars);
}
