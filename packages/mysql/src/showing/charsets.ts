/** The names of character sets by the ids of their collations, as a server tells them. */
import { Fault } from '@rowparity/contracts';
import type { SessionPool } from '../connection/sessionPool.ts';

export type Charsets = ReadonlyMap<number, string>;

/** MariaDB's newer collations fit several sets: then only the second view has an id for each. */
export async function readCharsets(pool: SessionPool, signal: AbortSignal): Promise<Charsets> {
  const session = await pool.take();
  try {
    const rows = await session.query(
      'SELECT ID AS id, CHARACTER_SET_NAME AS name FROM information_schema.COLLATIONS WHERE ID IS NOT NULL',
      signal,
    );
    const more = session.isMariaDb ? await session.query(APPLICABLE, signal).catch(noneBefore1010) : [];
    return new Map([...rows, ...more].map(({ id, name }) => [Number(id), String(name)]));
  } finally {
    await pool.release(session);
  }
}

/** MariaDB has the ids in this view from 10.10 on, and such collations, too. */
function noneBefore1010(error: unknown): [] {
  if (error instanceof Fault && error.code === 'SCHEMA_CHANGED') return [];
  throw error;
}

const APPLICABLE =
  'SELECT ID AS id, CHARACTER_SET_NAME AS name FROM information_schema.COLLATION_CHARACTER_SET_APPLICABILITY WHERE ID IS NOT NULL';
