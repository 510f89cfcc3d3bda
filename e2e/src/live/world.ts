// Two databases with the live tables, and the application that writes to them: to both, or to a primary that a replica
// follows. Every server is started for this.

import {
  connect,
  createDatabase,
  databaseUrl,
  type ReplicaPair,
  type SeededRandom,
  type SideName,
  type SqlServer,
  startReplicaPair,
  startServers,
} from '@rowparity/testkit';
import { type Application, startApplication } from './application.ts';
import { choosePlants, type PlantedPlaces, plantThem } from './plants.ts';
import { makeTables } from './tables.ts';

export const WAYS = ['double-write', 'mariadb-replica', 'mysql-replica'] as const;
export type Way = (typeof WAYS)[number];

export interface LiveWorld {
  readonly way: Way;
  readonly database: string;
  readonly servers: Readonly<Record<SideName, SqlServer>>;
  readonly urls: Readonly<Record<SideName, string>>;
  readonly places: PlantedPlaces;
  readonly application: Application;
  /** The replica applies nothing until the returned function is called; undefined where there is none. */
  readonly standStill: (() => Promise<() => Promise<void>>) | undefined;
  /** No change is made or on its way. */
  untilStill(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface LiveWorldOptions {
  readonly way: Way;
  readonly rows: number;
  readonly rate: number;
  readonly random: SeededRandom;
  say(line: string): void;
}

const DATABASE = 'live';
const FLAVOUR = { 'mariadb-replica': 'mariadb', 'mysql-replica': 'mysql' } as const;

/** The application rests at first. */
export async function openLiveWorld(options: LiveWorldOptions): Promise<LiveWorld> {
  const { way, rows, rate, random, say } = options;
  await using stack = new AsyncDisposableStack();
  const pair = way === 'double-write' ? undefined : await startReplicaPair(say, FLAVOUR[way]);
  if (pair) stack.defer(() => pair.stop());
  const started = pair ? undefined : await startServers({ want: ['sql'], say });
  if (started) stack.defer(() => started.stop());
  const servers = pair
    ? { source: pair.primary, destination: pair.replica }
    : (started as NonNullable<typeof started>);
  const { source, destination } = servers;
  const places = choosePlants(rows, random);
  if (pair) await likeAReplica(pair, FLAVOUR[way as keyof typeof FLAVOUR], random);
  const written = pair ? [source] : [source, destination];
  for (const server of written) await createDatabase(server, DATABASE);
  await makeTables(written, { database: DATABASE, rows, random, isFree: places.isFree });
  await pair?.untilEqual();
  await plantThem(places.plants, destination, { database: DATABASE, random });
  const application = await startApplication({
    ...{ source, database: DATABASE, rows, places, rate, random },
    destination: pair ? undefined : destination,
  });
  stack.defer(() => application.stop());
  await application.rest();
  const owned = stack.move();
  return {
    ...{ way, database: DATABASE, servers: { source, destination }, places, application },
    urls: { source: databaseUrl(source, DATABASE), destination: databaseUrl(destination, DATABASE) },
    standStill:
      pair &&
      (async () => {
        await pair.stopApplier();
        return () => pair.startApplier();
      }),
    async untilStill() {
      await application.rest();
      await pair?.untilEqual();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A row that the replica lacks does not stop it. Of a changed row all columns travel, or the changed ones. */
async function likeAReplica(
  { primary, replica }: ReplicaPair,
  flavour: 'mariadb' | 'mysql',
  random: SeededRandom,
): Promise<void> {
  const mode = flavour === 'mariadb' ? 'slave_exec_mode' : 'replica_exec_mode';
  const image = random.pick(['FULL', 'MINIMAL']);
  await administer(replica, `SET GLOBAL ${mode} = 'IDEMPOTENT'`);
  await administer(primary, `SET GLOBAL binlog_row_image = '${image}'`);
}

async function administer(server: SqlServer, sql: string): Promise<void> {
  const connection = await connect(server);
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}
