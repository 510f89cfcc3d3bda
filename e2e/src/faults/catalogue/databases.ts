// Faults of the two databases and of the links to them.

import { connect, otherSessions, type SeededRandom, type SideName } from '@rowparity/testkit';
import { type Fault, forMs } from '../fault.ts';
import { reader, usualWeather, type World } from '../world.ts';

const SIDES: readonly SideName[] = ['source', 'destination'];
const AWAY_MS = [200, 2000] as const;
const CROWDED_MS = 1200;
/** MariaDB's smallest. */
const FEW_CONNECTIONS = 10;
const USUAL_CONNECTIONS = 300;
/** Longer than the services let a statement take. */
const LOCKED_MS = 2200;

function sideOf(random: SeededRandom): SideName {
  return random.pick(SIDES);
}

export const DATABASE_FAULTS: readonly Fault[] = [
  {
    name: 'a database is killed and started again',
    async strike(world, random) {
      const server = world.sql(sideOf(random));
      await server.kill();
      await forMs(random.int(...AWAY_MS));
      await server.start();
    },
  },
  {
    name: 'connections are killed by the database (KILL), again and again',
    async strike(world, random) {
      for (let round = 0; round < 6; round += 1) {
        const admin = await connect(world.servers[sideOf(random)]);
        await killAll(admin, random.pick(['CONNECTION', 'QUERY']));
        await admin.end();
        await forMs(random.int(20, 250));
      }
    },
  },
  {
    name: 'links to the databases are cut in the middle of pages',
    async strike({ links }, random) {
      for (let cut = 0; cut < 8; cut += 1) {
        links[sideOf(random)].cut();
        await forMs(random.int(10, 200));
      }
    },
  },
  {
    name: 'a link to a database dies silently (half open)',
    async strike({ links }, random) {
      const link = links[sideOf(random)];
      link.set({ kind: 'silent' });
      await forMs(random.int(100, 600));
      link.set(usualWeather);
    },
  },
  {
    name: 'a link to a database is slow and thin',
    async strike({ links }, random) {
      const link = links[sideOf(random)];
      link.set({ kind: 'throttled', bytesPerSecond: 100_000 });
      await forMs(1000);
      link.set(usualWeather);
    },
  },
  { name: 'a database has no connection left', strike: (world, random) => crowd(world, sideOf(random)) },
  {
    name: 'both databases are made read only',
    async strike(world) {
      for (const side of SIDES) await world.administer(side, 'SET GLOBAL read_only = ON');
      await forMs(1000);
      for (const side of SIDES) await world.administer(side, 'SET GLOBAL read_only = OFF');
    },
  },
  {
    name: 'tables are locked for longer than a statement may take',
    async strike(world, random) {
      const connection = await connect(world.servers[sideOf(random)], world.database);
      await connection.query('LOCK TABLES orders WRITE, customers WRITE, order_items WRITE');
      await forMs(LOCKED_MS);
      await connection.end();
    },
  },
];

type Connection = Awaited<ReturnType<typeof connect>>;

async function killAll(admin: Connection, what: string): Promise<void> {
  for (const { id, user } of await otherSessions(admin)) {
    if (user !== reader.user) continue;
    // It may be gone by now.
    await admin.query(`KILL ${what} ${id}`).catch(() => undefined);
  }
}

/** Others take every connection that there is: so few that the services get none. */
async function crowd(world: World, side: SideName): Promise<void> {
  const { port, host } = world.servers[side];
  // Made before: later there is no connection left for an administrator either.
  const admin = await connect(world.servers[side]);
  await admin.query(`SET GLOBAL max_connections = ${FEW_CONNECTIONS}`);
  await killAll(admin, 'CONNECTION');
  const url = `mysql://${host}:${port}`;
  const hogs: Connection[] = [];
  const endMs = performance.now() + CROWDED_MS;
  while (performance.now() < endMs) {
    const hog = await connect({ ...reader, host, port, url }).catch(() => undefined);
    if (hog) hogs.push(hog);
    else await forMs(50);
  }
  await Promise.all(hogs.map((hog) => hog.end().catch(() => undefined)));
  await admin.query(`SET GLOBAL max_connections = ${USUAL_CONNECTIONS}`);
  await admin.end();
}
