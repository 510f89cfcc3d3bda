import { connect, createDatabase, type OwnSql, startOwnSql, whyNotNative } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noSignal } from '../testing/tablePair.ts';
import { connectionUrl } from './connectionUrl.ts';
import { Session } from './session.ts';
import { sessionVariables } from './sessionVariables.ts';

/** Values that a server may have, each of which would change what is read. One for every variable of the tables. */
const HOSTILE: Readonly<Record<string, string>> = {
  character_set_client: "'latin1'",
  character_set_connection: "'latin1'",
  collation_connection: "'utf8mb4_general_ci'",
  character_set_results: "'latin1'",
  autocommit: '0',
  sql_select_limit: '1',
  max_join_size: '1',
  sql_big_selects: '0',
  sql_mode: "'ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH'",
  time_zone: "'-03:00'",
  sql_auto_is_null: '1',
  div_precision_increment: '0',
  default_week_format: '3',
  lc_time_names: "'de_DE'",
  max_sort_length: '8',
  net_write_timeout: '1',
  transaction_isolation: "'READ-UNCOMMITTED'",
  transaction_read_only: '0',
  use_secondary_engine: "'FORCED'",
  show_gipk_in_create_table_and_information_schema: '0',
  windowing_use_high_precision: '0',
  tx_isolation: "'READ-UNCOMMITTED'",
  tx_read_only: '0',
  system_versioning_asof: "'2020-01-01 00:00:00'",
  query_cache_type: '1',
  max_statement_time: '3600',
  max_execution_time: '3600000',
};
/** They have no global value, or one that a running server does not let go of. */
const OF_SESSIONS_ALONE: ReadonlySet<string> = new Set([
  'use_secondary_engine',
  'sql_auto_is_null',
  'sql_big_selects',
  'query_cache_type',
]);

/** A query cache that is off for the whole server cannot be on in a session. */
const OPTIONS = { mysql: [], mariadb: ['--query-cache-type=2', '--query-cache-size=1M'] } as const;

const { flavour } = sqlServer('source');
const dialect = flavour === 'mariadb' ? 'mariaDb' : 'mysql';
const names = sessionVariables(dialect, 60_000).map(({ name }) => name);
const why = whyNotNative('sql');

describe.skipIf(why !== undefined)(`a server that is set against us${why ? ` (${why})` : ''}`, () => {
  let own: OwnSql;
  let admin: Connection;

  beforeAll(async () => {
    own = await startOwnSql(() => undefined, { flavour, options: OPTIONS[flavour] });
    admin = await connect(own.server);
    await createDatabase(own.server, 'shop');
    // init_connect is for users without SUPER.
    await admin.query("CREATE USER 'reader'@'%' IDENTIFIED BY 'r1'");
    await admin.query("GRANT SELECT ON shop.* TO 'reader'@'%'");
  });

  afterAll(async () => {
    await admin?.end();
    await own?.stop();
  });

  const open = () =>
    Session.open(
      connectionUrl.parse(
        `mysql://reader:r1@${own.server.host}:${own.server.port}/shop?allowPublicKeyRetrieval=true`,
      ),
      'source',
    );

  async function hasVariable(name: string): Promise<boolean> {
    const [rows] = await admin.query<RowDataPacket[]>('SHOW VARIABLES LIKE ?', [name]);
    return rows.length > 0;
  }

  it('every variable of the table has a hostile value here', () => {
    expect(names.filter((name) => HOSTILE[name] === undefined)).toEqual([]);
  });

  it.each(names.filter((name) => !OF_SESSIONS_ALONE.has(name)))(
    'with %s set for the whole server a session is as asked',
    async (name) => {
      if (!(await hasVariable(name))) return;
      const [before] = await admin.query<RowDataPacket[]>('SHOW GLOBAL VARIABLES LIKE ?', [name]);
      await admin.query(`SET GLOBAL ${name} = ${HOSTILE[name]}`);
      try {
        const session = await open();
        await session.verify();
        await session.end();
      } finally {
        await admin.query(`SET GLOBAL ${name} = ${restored(String(before[0]?.Value))}`);
      }
    },
  );

  it.each(names)('with %s set by init_connect a session is as asked', async (name) => {
    if (!(await hasVariable(name))) return;
    await admin.query('SET GLOBAL init_connect = ?', [`SET SESSION ${name} = ${HOSTILE[name]}`]);
    try {
      const session = await open();
      await session.verify();
      await session.end();
    } finally {
      await admin.query("SET GLOBAL init_connect = ''");
    }
  });

  it.each(names)('%s that changes behind our back ends the session as SESSION_NOT_AS_ASKED', async (name) => {
    if (!(await hasVariable(name))) return;
    const session = await open();
    await session.query(`SET SESSION ${name} = ${HOSTILE[name]}`, noSignal);
    await expect(session.verify()).rejects.toMatchObject({
      class: 'configuration',
      code: 'SESSION_NOT_AS_ASKED',
      message: expect.stringContaining(name),
    });
    expect(session.isUsable).toBe(false);
  });

  it('SET NAMES by init_connect turns no character into a question mark', async () => {
    await admin.query("SET GLOBAL init_connect = 'SET NAMES latin1'");
    try {
      const session = await open();
      expect(await session.query("SELECT '漢😀' AS it", noSignal)).toEqual([{ it: '漢😀' }]);
      await session.end();
    } finally {
      await admin.query("SET GLOBAL init_connect = ''");
    }
  });
});

function restored(value: string): string {
  if (value === 'DEFAULT' || /^\d+(\.\d+)?$/.test(value)) return value;
  return `'${value}'`;
}
