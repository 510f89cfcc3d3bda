/** Every fence on real replication: by GTID, by a heartbeat of the user, and by queries of the user. */
import type { Direction, FencePolicy } from '@rowparity/contracts';
import { DEFAULT_TABLE_OPTIONS, planTable } from '@rowparity/core';
import {
  type FencedPair,
  replicationPositionConformance,
} from '@rowparity/core/conformance/replicationPosition';
import { connect, createDatabase, databaseUrl, startReplicaPair } from '@rowparity/testkit';
import { sqlServer } from '@rowparity/testkit/vitest';
import { SqlCatalog } from '../catalog/sqlCatalog.ts';
import { connectionUrl } from '../connection/connectionUrl.ts';
import { SessionPool } from '../connection/sessionPool.ts';
import { noSignal } from '../testing/tablePair.ts';
import { SqlRowReader } from './sqlRowReader.ts';

const DATABASE = 'fenced';
const BEATS = "DATE_FORMAT(UTC_TIMESTAMP(6), '%Y-%m-%dT%H:%i:%s.%f')";
const { flavour } = sqlServer('source');

interface Kind {
  readonly name: string;
  readonly fence: FencePolicy;
  /** The statements of the user's heartbeat. */
  readonly start: readonly string[];
  readonly beat: readonly string[];
  readonly beginAnew: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    name: 'GTID',
    fence: 'auto',
    start: [],
    beat: [],
    beginAnew: [flavour === 'mariadb' ? 'RESET MASTER' : 'RESET BINARY LOGS AND GTIDS'],
  },
  {
    name: 'a heartbeat as pt-heartbeat writes it',
    fence: {
      ...{ kind: 'heartbeat', upstream: 'source', database: 'percona', table: 'heartbeat', column: 'ts' },
      where: 'server_id = 11',
    },
    start: [
      'CREATE DATABASE percona',
      'CREATE TABLE percona.heartbeat (ts VARCHAR(26) NOT NULL, server_id INT UNSIGNED NOT NULL PRIMARY KEY)',
      `INSERT INTO percona.heartbeat VALUES (${BEATS}, 11), ('2000-01-01T00:00:00.000000', 12)`,
    ],
    beat: ['DO SLEEP(0.001)', `UPDATE percona.heartbeat SET ts = ${BEATS} WHERE server_id = 11`],
    beginAnew: ["UPDATE percona.heartbeat SET ts = '2001-01-01T00:00:00.000000' WHERE server_id = 11"],
  },
  {
    name: 'a query of the user for each side',
    fence: {
      ...{ kind: 'query', upstream: 'source' },
      source: 'SELECT MAX(n) FROM outbox WHERE n > 0',
      destination: 'WITH last AS (SELECT n FROM outbox ORDER BY n DESC LIMIT 1) SELECT n FROM last',
    },
    start: [
      'CREATE TABLE outbox (n BIGINT UNSIGNED PRIMARY KEY)',
      'INSERT INTO outbox VALUES (18446744073709550000)',
    ],
    beat: ['INSERT INTO outbox SELECT MAX(n) + 1 FROM outbox'],
    beginAnew: ['DELETE FROM outbox WHERE n > 18446744073709550000'],
  },
];

async function fencedPair(kind: Kind, direction: Direction): Promise<FencedPair> {
  const pair = await startReplicaPair(() => undefined, flavour);
  await createDatabase(pair.primary, DATABASE);
  const admin = await connect(pair.primary, DATABASE);
  const run = async (statements: readonly string[]) => {
    for (const statement of statements) await admin.query(statement);
  };
  await run(['CREATE TABLE t (id INT PRIMARY KEY AUTO_INCREMENT)', ...kind.start]);
  await run(['INSERT INTO t VALUES ()']);
  await pair.untilEqual();
  const [source, destination] = [pair.primary, pair.replica].map(
    (server) =>
      new SessionPool(connectionUrl.parse(databaseUrl(server, DATABASE)), { ref: 'side', idleMax: 4 }),
  ) as [SessionPool, SessionPool];
  const pools =
    direction === 'SRC' ? { base: source, target: destination } : { base: destination, target: source };
  const catalogs = { base: new SqlCatalog(pools.base), target: new SqlCatalog(pools.target) };
  const [base, target] = await Promise.all([
    catalogs.base.describe('t', noSignal),
    catalogs.target.describe('t', noSignal),
  ]);
  if (!base || !target) throw new Error('expected a table');
  const planning = planTable({ base, target }, DEFAULT_TABLE_OPTIONS);
  if (planning.kind === 'refused') throw new Error(planning.refusal.message);
  const readers = {
    base: new SqlRowReader(pools.base, planning.plan, 'base'),
    target: new SqlRowReader(pools.target, planning.plan, 'target'),
  };
  return {
    fence: kind.fence,
    direction,
    servers: {
      base: await catalogs.base.identify(noSignal),
      target: await catalogs.target.identify(noSignal),
    },
    readers,
    write: () => run(['INSERT INTO t VALUES ()', ...kind.beat]),
    stopApplier: () => pair.stopApplier(),
    startApplier: () => pair.startApplier(),
    untilEqual: () => pair.untilEqual(),
    beginAnew: () => run(kind.beginAnew),
    async close() {
      await Promise.all([readers.base.close(), readers.target.close(), admin.end()]);
      await Promise.all([source.close(), destination.close()]);
      await pair.stop();
    },
  };
}

for (const kind of KINDS) {
  for (const direction of ['SRC', 'DST'] as const) {
    const name = `${kind.name}, direction ${direction}`;
    const isSilent = kind.fence !== 'auto';
    replicationPositionConformance(name, () => fencedPair(kind, direction), { isSilent });
  }
}
