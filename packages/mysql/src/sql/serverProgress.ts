/**
 * The value of a fence. The question of the user stands as one value in a statement of ours, so the server refuses more
 * than a column or a row of it, and no more than a few bytes come. Sessions are read only and have a limit of time.
 */
import { isTransient } from '@rowparity/contracts';
import type { ProgressQuestion, ServerProgress } from '@rowparity/core';
import { mysqlErrno } from '../connection/faultOf.ts';
import { withAllServerWords } from '../connection/serverWords.ts';
import type { Session } from '../connection/session.ts';
import { quoted } from './quoted.ts';

/** Longer ones are no number and no time. */
const VALUE_CHARS_MAX = 120;
/** ER_PARSE_ERROR: it quotes the statement, which is of the spec, and no row. */
const PARSE_ERROR = 1064;

export interface AskedProgress {
  readonly question: ProgressQuestion;
  /** Of the connection. */
  readonly database: string;
}

export async function serverProgress(
  session: Session,
  { question, database }: AskedProgress,
  signal: AbortSignal,
): Promise<ServerProgress> {
  const uuid = session.isMariaDb ? 'NULL' : '@@global.server_uuid';
  const value = `LEFT(CAST((${sqlOf(question, database)}\n) AS CHAR), ${VALUE_CHARS_MAX})`;
  const sql = `SELECT @@global.server_id AS serverId, ${uuid} AS uuid, ${value} AS value`;
  const [row] = await session.query(sql, signal).catch((error: unknown) => {
    if (signal.aborted || isTransient(error) || mysqlErrno(error) !== PARSE_ERROR) throw error;
    return withAllServerWords(error);
  });
  const { serverId, uuid: id, value: found } = row ?? {};
  return {
    serverId: String(serverId ?? ''),
    uuid: id === null || id === undefined ? null : String(id),
    value: found === null || found === undefined ? null : String(found),
  };
}

function sqlOf(question: ProgressQuestion, database: string): string {
  if (question.kind === 'query') return question.sql;
  const { table, column, where } = question;
  const from = `${quoted(question.database ?? database)}.${quoted(table)}`;
  return `SELECT ${quoted(column)} FROM ${from}${where === undefined ? '' : ` WHERE (${where})`}`;
}
