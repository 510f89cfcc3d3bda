// Everything that can break, started for that: servers of our own, links to them that can be cut, the services, and a
// shop with known differences. Imports no vitest: the chaos command uses it too.

import type { RunSpecInput } from '@rowparity/contracts';
import { createTopic, type System, type SystemOptions, startSystem } from '@rowparity/harness';
import {
  breakable,
  connect,
  createShop,
  databaseUrl,
  type Faults,
  type PlantedDifference,
  plantDifferences,
  type RedisPair,
  type Servers,
  type SideName,
  type SqlServer,
  startRedisPair,
  startServers,
  startTcpProxy,
  type TcpProxy,
} from '@rowparity/testkit';

export interface World {
  readonly servers: Servers;
  readonly redis: RedisPair;
  readonly links: Readonly<Record<SideName, TcpProxy>>;
  readonly system: System;
  readonly database: string;
  readonly planted: readonly PlantedDifference[];
  /** A new name of a run, with a topic of its own. */
  spec(name: string, changes?: Partial<RunSpecInput>): Promise<RunSpecInput & { events: { topic: string } }>;
  sql(side: SideName): SqlServer & Faults;
  /** Runs statements as the server's administrator, not through the link. */
  administer(side: SideName, ...statements: readonly string[]): Promise<void>;
  /** As many processes as in the beginning, all awake, with fair links, also after a test that failed. */
  restore(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface WorldOptions extends Pick<SystemOptions, 'label' | 'times'> {
  readonly workers: number;
  readonly coordinators: number;
  readonly rows: number;
  readonly seed: number;
  readonly say?: (line: string) => void;
}

const DATABASE = 'shop';
const PARTITIONS = 3;
/** So slow that a run of some thousand rows takes seconds: time for something to break. */
const LATENCY_MS = 2;
/** A dead link to a database is given up after half as long again. */
const STATEMENT_MS = 1000;
/** About this many rows a shard: a run has many small shards. */
const SHARD_ROWS = 25;
const RECHECK_DELAYS_MS = [60, 120];
const PLANTS = { target_missing: 6, neq: 8, base_missing: 6 };
/** The user of the services may read, and nothing else. */
const READER = { user: 'rowparity_reader', password: 'only-reads' };
const TIMES = { lockMs: 1000, stalledCheckMs: 300, leaseMs: 800 };

export async function openWorld(options: WorldOptions): Promise<World> {
  const { seed, rows, say = () => undefined } = options;
  await using stack = new AsyncDisposableStack();
  const env = withoutGiven(process.env);
  const servers = await startServers({ want: ['sql', 'redis', 'kafka'], say, env });
  stack.defer(() => servers.stop());
  const redis = await startRedisPair(breakableRedis(servers), env);
  stack.defer(() => redis.stop());
  const links = { source: await linkTo(servers.source), destination: await linkTo(servers.destination) };
  stack.defer(async () => void (await Promise.all([links.source.close(), links.destination.close()])));
  const planted = await fill(servers, { rows, seed });
  const urlOf = (side: SideName) => readerUrl(links[side]);
  const system = await startSystem({
    ...options,
    times: { ...TIMES, ...options.times },
    redisUrl: redis.url,
    brokers: servers.kafka.brokers,
    connections: { source: urlOf('source'), destination: urlOf('destination') },
  });
  stack.defer(() => system.stop());
  const owned = stack.move();
  let runs = 0;
  return {
    ...{ servers, redis, links, system, planted, database: DATABASE },
    async spec(name, changes) {
      runs += 1;
      const runId = `${name.replaceAll(/[^a-z0-9]+/gi, '-')}-${runs}`.slice(-100);
      const topic = `t-${runs}`;
      await createTopic({ brokers: servers.kafka.brokers, topic }, { partitions: PARTITIONS });
      return specOf(runId, topic, changes);
    },
    sql: (side) => breakable(servers[side]),
    administer: (side, ...statements) => administer(servers[side], statements),
    async restore() {
      for (const link of [links.source, links.destination]) link.set(usualWeather);
      redis.link.set({ kind: 'fair' });
      const wanted = { coordinator: options.coordinators, worker: options.workers, reporter: 1 } as const;
      for (const [app, count] of Object.entries(wanted) as [keyof typeof wanted, number][]) {
        const living = system.apps(app);
        for (const one of living) one.resume();
        await Promise.all(living.slice(count).map((one) => system.end(one, 'SIGTERM')));
        for (let missing = count - living.length; missing > 0; missing -= 1) await system.start(app);
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Servers that the environment names must not be broken. */
function withoutGiven(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^ROWPARITY_TEST_.*_(URL|BROKERS)$/.test(name)),
  );
}

function breakableRedis({ redis }: Servers) {
  return breakable(redis);
}

async function linkTo({ host, port }: SqlServer): Promise<TcpProxy> {
  const link = await startTcpProxy({ host, port });
  link.set(usualWeather);
  return link;
}

export const usualWeather = { kind: 'latency', ms: LATENCY_MS } as const;

async function fill(servers: Servers, data: { readonly rows: number; readonly seed: number }) {
  await createShop({ servers, database: DATABASE, ...data });
  const { source, destination } = servers;
  const { user, password } = READER;
  for (const server of [source, destination]) {
    await administer(server, [
      `CREATE USER '${user}'@'%' IDENTIFIED BY '${password}'`,
      `GRANT SELECT ON \`${DATABASE}\`.* TO '${user}'@'%'`,
    ]);
  }
  const { seed } = data;
  return plantDifferences({
    source,
    destination,
    database: DATABASE,
    seed,
    direction: 'SRC',
    counts: PLANTS,
  });
}

function readerUrl({ host, port }: TcpProxy): string {
  const { user, password } = READER;
  const url = `mysql://${user}:${password}@${host}:${port}`;
  return `${databaseUrl({ url, host, port, user, password }, DATABASE)}&statementMs=${STATEMENT_MS}`;
}

async function administer(server: SqlServer, statements: readonly string[]): Promise<void> {
  const connection = await connect(server);
  try {
    for (const statement of statements) await connection.query(statement);
  } finally {
    await connection.end();
  }
}

function specOf(runId: string, topic: string, changes: Partial<RunSpecInput> = {}) {
  return {
    version: 1 as const,
    runId,
    source: 'source',
    destination: 'destination',
    direction: 'SRC' as const,
    tables: [{ pattern: '*' }],
    shard: { rows: SHARD_ROWS },
    recheck: { delaysMs: RECHECK_DELAYS_MS },
    ...changes,
    events: { ...changes.events, topic: changes.events?.topic ?? topic },
  };
}

export const reader = READER;
