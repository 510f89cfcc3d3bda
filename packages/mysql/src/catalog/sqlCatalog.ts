/** Answers what planning asks of one server: names, schemas, keys, and the optimizer's estimates. */
import type { KeyRange, KeyTuple, ServerIdentity, TablePlan } from '@rowparity/contracts';
import type {
  Catalog,
  CatalogListing,
  CatalogTable,
  ProbeKey,
  ProgressQuestion,
  ServerProgress,
} from '@rowparity/core';
import { withAllServerWords } from '../connection/serverWords.ts';
import type { Row, Session } from '../connection/session.ts';
import type { SessionPool } from '../connection/sessionPool.ts';
import { keyLiteral } from '../sql/keyColumn.ts';
import { quoted } from '../sql/quoted.ts';
import { serverProgress } from '../sql/serverProgress.ts';
import { SideSql, type Statement } from '../sql/sideSql.ts';
import { rowValues } from '../wire/binaryRow.ts';
import { PageBuffer } from '../wire/pageBuffer.ts';
import { valueText } from '../wire/valueText.ts';
import type { WireColumn } from '../wire/wireColumn.ts';
import { describeTables } from './describeTables.ts';
import { identifyServer, serverTick } from './identifyServer.ts';
import { listTables } from './listTables.ts';

const KEY_BYTES_MAX = 1024 * 1024;
const EVERYTHING: KeyRange = { after: null, upTo: null };

export class SqlCatalog implements Catalog {
  readonly #pool: SessionPool;

  constructor(pool: SessionPool) {
    this.#pool = pool;
  }

  identify(signal: AbortSignal): Promise<ServerIdentity> {
    return this.#with(signal, (session) => identifyServer(session, signal));
  }

  tick(signal: AbortSignal): Promise<bigint | undefined> {
    return this.#with(signal, (session) => serverTick(session, signal));
  }

  list(signal: AbortSignal): Promise<CatalogListing> {
    return this.#with(signal, (session) => listTables(session, this.#pool.database, signal));
  }

  describeAll(tables: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, CatalogTable>> {
    const named = { schema: this.#pool.database, tables };
    return this.#with(signal, (session) => describeTables(session, named, signal));
  }

  async describe(table: string, signal: AbortSignal): Promise<CatalogTable | undefined> {
    return (await this.describeAll([table], signal)).get(table);
  }

  async bounds(key: ProbeKey, signal: AbortSignal): Promise<{ min: KeyTuple; max: KeyTuple } | undefined> {
    const sql = sqlOf(key);
    const min = await this.#key(sql, sql.firstKey(EVERYTHING), signal);
    const max = await this.#key(sql, sql.lastKey(EVERYTHING), signal);
    return min && max ? { min, max } : undefined;
  }

  async keyBehind(
    key: ProbeKey,
    wanted: { readonly range: KeyRange; readonly rows: number },
    signal: AbortSignal,
  ): Promise<KeyTuple | undefined> {
    const sql = sqlOf(key);
    return this.#key(sql, sql.keyBehind(wanted.range, wanted.rows), signal);
  }

  async keyFrom(
    key: ProbeKey,
    wanted: { readonly range: KeyRange; readonly from: string },
    signal: AbortSignal,
  ): Promise<KeyTuple | undefined> {
    const sql = sqlOf(key);
    return this.#key(sql, sql.keyFrom(wanted.range, wanted.from), signal);
  }

  async estimateRows(key: ProbeKey, range: KeyRange, signal: AbortSignal): Promise<number> {
    const rows = await this.#query((session) => {
      const select = sqlOf(key).forEstimate(range, (parameter) => keyLiteral(parameter, session.escape));
      return `EXPLAIN ${session.isMariaDb ? '' : 'FORMAT=TRADITIONAL '}${select}`;
    }, signal);
    const [plan] = rows;
    // Without `rows`: "Impossible WHERE" and similar plans, which are valid answers.
    return Number(plan?.rows ?? 0);
  }

  progress(question: ProgressQuestion, signal: AbortSignal): Promise<ServerProgress> {
    const asked = { question, database: this.#pool.database };
    return this.#with(signal, (session) => serverProgress(session, asked, signal));
  }

  async tryPredicate(
    predicate: { readonly table: string; readonly where: string },
    signal: AbortSignal,
  ): Promise<void> {
    const from = `${quoted(this.#pool.database)}.${quoted(predicate.table)}`;
    await this.#query(() => `SELECT 1 FROM ${from} WHERE (${predicate.where}) LIMIT 0`, signal).catch(
      withAllServerWords,
    );
  }

  async #key(sql: SideSql, statement: Statement, signal: AbortSignal): Promise<KeyTuple | undefined> {
    const page = new PageBuffer();
    page.reset(KEY_BYTES_MAX, {
      of: `A key on ${this.#pool.place}`,
      columns: sql.key.length,
      rowsMax: 1,
      key: sql.key.map(({ kind }) => kind),
      isOrdered: false,
    });
    await this.#with(signal, (session) => session.readRows(statement, page, signal));
    if (page.rows === 0) return undefined;
    const values = rowValues({ bytes: page.bytes, start: page.bounds[0] as number }, page.columns);
    return sql.key.map((form, i) => valueText(values[i] as Buffer, page.columns[i] as WireColumn, form));
  }

  #query(sql: (session: Session) => string, signal: AbortSignal): Promise<readonly Row[]> {
    return this.#with(signal, (session) => session.query(sql(session), signal));
  }

  async #with<T>(signal: AbortSignal, use: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.#pool.take(signal);
    try {
      return await use(session);
    } finally {
      await this.#pool.release(session);
    }
  }
}

/** Shards are cut over all keys, also over rows that a predicate leaves out. */
function sqlOf({ plan, side }: ProbeKey): SideSql {
  const whole: TablePlan = { ...plan, where: null };
  return new SideSql(whole, side);
}
