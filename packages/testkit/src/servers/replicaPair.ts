// Two SQL servers for one test file alone, the second of which replicates from the first by GTID.

import type { Connection } from 'mysql2/promise';
import { connect } from './databases.ts';
import { type OwnSql, startOwnSql } from './ownSql.ts';
import type { SqlServer, WantedFlavour } from './server.ts';

export interface ReplicaPair {
  readonly primary: SqlServer;
  readonly replica: SqlServer;
  /** The replica still receives transactions, and applies none. */
  stopApplier(): Promise<void>;
  startApplier(): Promise<void>;
  /** Resolves when the replica has applied what the primary has by now. */
  untilEqual(): Promise<void>;
  stop(): Promise<void>;
}

const OPTIONS = {
  mariadb: ['--log-bin=bin', '--gtid-strict-mode=1', '--binlog-format=ROW'],
  mysql: ['--log-bin=bin', '--gtid-mode=ON', '--enforce-gtid-consistency=ON'],
} as const;

export async function startReplicaPair(
  say: (line: string) => void,
  flavour: Exclude<WantedFlavour, 'any'>,
): Promise<ReplicaPair> {
  const options = OPTIONS[flavour];
  const primary = await startOwnSql(say, { flavour, options: [...options, '--server-id=11'] });
  const replica = await startOwnSql(say, { flavour, options: [...options, '--server-id=12'] });
  const admins = await Promise.all([connect(primary.server), connect(replica.server)]);
  const [atPrimary, atReplica] = admins;
  await joinReplica(flavour, { atPrimary, atReplica, primary });
  const slave = flavour === 'mariadb' ? 'SLAVE' : 'REPLICA';
  return {
    primary: primary.server,
    replica: replica.server,
    stopApplier: async () => void (await atReplica.query(`STOP ${slave} SQL_THREAD`)),
    startApplier: async () => void (await atReplica.query(`START ${slave} SQL_THREAD`)),
    untilEqual: () => untilEqual(flavour, atPrimary, atReplica),
    async stop() {
      await Promise.all(admins.map((admin) => admin.end()));
      await Promise.all([primary.stop(), replica.stop()]);
    },
  };
}

interface Joined {
  readonly atPrimary: Connection;
  readonly atReplica: Connection;
  readonly primary: OwnSql;
}

/** The accounts of both were made before there was a replica: each keeps its own, and the position starts here. */
async function joinReplica(
  flavour: 'mariadb' | 'mysql',
  { atPrimary, atReplica, primary }: Joined,
): Promise<void> {
  const { host, port, user, password } = primary.server;
  const from = `HOST='${host}', MASTER_PORT=${port}, MASTER_USER='${user}', MASTER_PASSWORD='${password}'`;
  if (flavour === 'mariadb') {
    await atReplica.query('RESET MASTER');
    const [[row]] = (await atPrimary.query('SELECT @@global.gtid_binlog_pos AS position')) as unknown as [
      { position: string }[],
    ];
    await atReplica.query(`SET GLOBAL gtid_slave_pos = '${row?.position ?? ''}'`);
    await atReplica.query(
      `CHANGE MASTER TO MASTER_${from}, MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1`,
    );
    await atReplica.query('START SLAVE');
    return;
  }
  await atReplica.query('RESET BINARY LOGS AND GTIDS');
  const [[row]] = (await atPrimary.query('SELECT @@global.gtid_executed AS position')) as unknown as [
    { position: string }[],
  ];
  if (row?.position) await atReplica.query(`SET GLOBAL gtid_purged = '${row.position}'`);
  const source = from.replaceAll('MASTER_', 'SOURCE_');
  await atReplica.query(
    `CHANGE REPLICATION SOURCE TO SOURCE_${source}, SOURCE_AUTO_POSITION=1, SOURCE_CONNECT_RETRY=1, GET_SOURCE_PUBLIC_KEY=1`,
  );
  await atReplica.query('START REPLICA');
}

async function untilEqual(
  flavour: 'mariadb' | 'mysql',
  atPrimary: Connection,
  atReplica: Connection,
): Promise<void> {
  const variable = flavour === 'mariadb' ? 'gtid_binlog_pos' : 'gtid_executed';
  const [[row]] = (await atPrimary.query(`SELECT @@global.${variable} AS position`)) as unknown as [
    { position: string }[],
  ];
  const wait = flavour === 'mariadb' ? 'MASTER_GTID_WAIT' : 'WAIT_FOR_EXECUTED_GTID_SET';
  const position = (row?.position ?? '').replace(/\s/g, '');
  for (;;) {
    const [[answer]] = (await atReplica.query(`SELECT ${wait}('${position}', 5) AS late`)) as unknown as [
      { late: number | string }[],
    ];
    if (String(answer?.late) === '0') return;
  }
}
