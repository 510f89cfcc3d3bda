// Brings up the servers that were asked for, all at once, and takes them down together.
// Knows the order of ways per kind; how each way works is in the files beside this one.

import type { Context } from './context.ts';
import { startDockerKafka, startDockerRedis, startDockerSql } from './dockerServers.ts';
import { kafkaFromEnvironment, redisFromEnvironment, sqlFromEnvironment } from './environmentServers.ts';
import { startGuardian } from './guardian.ts';
import { startNativeKafka } from './nativeKafka.ts';
import { startNativeRedis } from './nativeRedis.ts';
import { startNativeSql } from './nativeSql.ts';
import type { Managed, ServerKind, Servers, SideName, WantedFlavours } from './server.ts';
import { startByFirstWay, type WaysToStart } from './ways.ts';

export interface StartOptions<Kind extends ServerKind> {
  readonly want: readonly Kind[];
  /** Gets a line about every step that takes time or is surprising; never a credential. */
  readonly say: (line: string) => void;
  /** Default: this process's environment. */
  readonly env?: NodeJS.ProcessEnv;
  /** Default: ROWPARITY_TEST_FLAVOUR, or any. */
  readonly sqlFlavour?: WantedFlavours;
}

type Field = SideName | 'redis' | 'kafka';

/**
 * Starts servers by the first way that works: named by the environment, containers, processes of this machine
 * (installed first, where we may). They die with this process, however it ends.
 * Throws one AggregateError that names everything missing.
 */
export async function startServers<Kind extends ServerKind>(
  options: StartOptions<Kind>,
): Promise<Servers<Kind>> {
  const { say, env = process.env } = options;
  const guardian = await startGuardian();
  const context: Context = { env, say, guardian };
  const ways = waysOf(context, new Set<ServerKind>(options.want), wantedFlavours(options.sqlFlavour, env));
  const fields = Object.keys(ways) as Field[];
  const results = await Promise.allSettled(fields.map((field) => startOne(ways, field, context)));

  const started = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const stop = async () => {
    // Native servers die with the guardian; containers have to be told.
    await Promise.allSettled(started.filter(({ way }) => way === 'docker').map((server) => server.stop()));
    await guardian.end();
  };
  const failures = results.flatMap((result) =>
    result.status === 'rejected' ? [result.reason as Error] : [],
  );
  if (failures.length > 0) {
    await stop();
    throw new AggregateError(failures, failures.map(({ message }) => message).join('\n'));
  }
  const entries = fields.map((field, index) => [field, started[index]]);
  return { ...Object.fromEntries(entries), stop } as unknown as Servers<Kind>;
}

type Ways = Partial<Record<Field, WaysToStart<Managed>>>;

async function startOne(ways: Ways, field: Field, { env, say }: Context): Promise<Managed> {
  const way = ways[field];
  if (way === undefined) throw new Error(`no way to start ${field}`);
  const begin = performance.now();
  const server = await startByFirstWay(way, { env, say });
  say(`${way.name}: ${server.way} server ready after ${((performance.now() - begin) / 1000).toFixed(1)} s`);
  return server;
}

function waysOf(
  context: Context,
  want: ReadonlySet<ServerKind>,
  wanted: Exclude<WantedFlavours, string>,
): Ways {
  const sql = (side: SideName): WaysToStart<Managed> => ({
    name: side,
    environment: () => sqlFromEnvironment(context.env, side),
    docker: () => startDockerSql(context, side, wanted[side]),
    native: () => startNativeSql(context, { side, wanted: wanted[side] }),
  });
  const redis: WaysToStart<Managed> = {
    name: 'redis',
    environment: () => redisFromEnvironment(context.env),
    docker: () => startDockerRedis(context),
    native: () => startNativeRedis(context),
  };
  const kafka: WaysToStart<Managed> = {
    name: 'kafka',
    environment: () => kafkaFromEnvironment(context.env),
    docker: () => startDockerKafka(context),
    native: () => startNativeKafka(context),
  };
  return {
    ...(want.has('sql') ? { source: sql('source'), destination: sql('destination') } : {}),
    ...(want.has('redis') ? { redis } : {}),
    ...(want.has('kafka') ? { kafka } : {}),
  };
}

function wantedFlavours(
  given: WantedFlavours | undefined,
  env: NodeJS.ProcessEnv,
): Exclude<WantedFlavours, string> {
  const wanted = given ?? env.ROWPARITY_TEST_FLAVOUR ?? 'any';
  if (typeof wanted === 'object') return wanted;
  const [source, destination = source, ...rest] = wanted.split(',');
  if (!isFlavour(source) || !isFlavour(destination) || rest.length > 0) {
    throw new Error(
      `ROWPARITY_TEST_FLAVOUR must be 'mysql', 'mariadb' or 'any', or two of them for source and destination as in 'mysql,mariadb'; found '${wanted}'`,
    );
  }
  return { source, destination };
}

function isFlavour(wanted: string | undefined): wanted is 'mysql' | 'mariadb' | 'any' {
  return wanted === 'any' || wanted === 'mysql' || wanted === 'mariadb';
}
