/**
 * Migrations in the Redis of the ledger: a hash each, and a set of all. Every change is one script, which also touches
 * the newest run; its keys lie in the same hash slot.
 */
import {
  directionOf,
  directionOfStage,
  LEDGER_VERSION,
  MIGRATIONS_MAX,
  type MigrationRecord,
  migrationRunId,
  runId as runIdSchema,
  STAGE_SWITCHES_KEPT_MAX,
} from '@rowparity/contracts';
import {
  brokenRule,
  canonicalJson,
  isSameDefinition,
  isUnreadable,
  type MigrationReadings,
  type MigrationStore,
  neighboursOf,
  newMigration,
  type UnreadableMigration,
} from '@rowparity/core';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';
import { DEFAULT_PREFIX, expectHashTag, keysInOrder, ledgerKeys } from '../ledger/ledgerKeys.ts';
import { expectReplicated } from './expectReplicated.ts';
import { Definitions, decodeMigration, encodeMigration, unreadableMigration } from './migrationRecords.ts';
import { loadMigrationScripts, type RunMigrationScript } from './migrationScripts.ts';

/** Another process began a run between our read and our write; it does so once in a second at most. */
const MOVED_TRIES_MAX = 10;
/** The run of a migration has no order that could bring a trace. */
const NO_TRACE = '';

interface Place {
  readonly redis: Redis;
  readonly prefix: string;
  readonly definitions: Definitions;
}

interface Writing extends Place {
  readonly run: RunMigrationScript;
}

export interface RedisMigrationsOptions {
  readonly prefix?: string;
}

/** The connection stays the caller's. */
export function createRedisMigrations(
  redis: Redis,
  { prefix = DEFAULT_PREFIX }: RedisMigrationsOptions = {},
): MigrationStore {
  const place = { ...placeOf(redis, prefix), run: loadMigrationScripts(redis) };
  return { ...readingsAt(place), ...runCalls(place), ...lifeCalls(place) };
}

/** Sends no command that writes. */
export function openRedisMigrationReadings(
  redis: Redis,
  { prefix = DEFAULT_PREFIX }: RedisMigrationsOptions = {},
): MigrationReadings {
  return readingsAt(placeOf(redis, prefix));
}

function placeOf(redis: Redis, prefix: string): Place {
  return { redis, prefix: expectHashTag(prefix), definitions: new Definitions() };
}

function readingsAt(place: Place): MigrationReadings {
  return {
    getMigration: (id) => read(place, id),
    async listMigrations() {
      const ids = await orRedisFault(place.redis.zrevrange(setKey(place), 0, -1));
      const migrations: MigrationRecord[] = [];
      const unreadable: UnreadableMigration[] = [];
      const reads = await Promise.all(ids.map((id) => readOrTell(place, id)));
      for (const [index, found] of reads.entries()) {
        const migrationId = ids[index] ?? '';
        if (typeof found === 'string') unreadable.push({ migrationId, message: found });
        else if (found) migrations.push(found);
      }
      return { migrations, unreadable };
    },
  };
}

function lifeCalls(
  place: Writing,
): Pick<MigrationStore, 'createMigration' | 'switchStage' | 'deleteMigration'> {
  return {
    async createMigration(id, definition, now) {
      const fields = encodeMigration(newMigration(id, definition, now));
      const [kind, flat] = await place.run('create', keysOf(place, id, 0), [
        id,
        now,
        MIGRATIONS_MAX,
        ...fields,
      ]);
      if (kind === 'full') return { kind };
      const migration = recordOf(place, id, flat);
      if (kind === 'created') return { kind, migration };
      const isSame = isSameDefinition(migration.definition, definition);
      return { kind: isSame ? 'same' : 'different', migration };
    },

    switchStage: (id, { to, expected = '', now }) =>
      untilStill(id, async () => {
        const runs = await runsOf(place, id);
        if (runs === undefined) return { kind: 'unknown' };
        const aim = [runs, to, directionOfStage(to), neighboursOf(to).join(' '), expected, now];
        const args = [...aim, migrationRunId(id, runs), STAGE_SWITCHES_KEPT_MAX];
        const [kind, flat, ended] = await place.run('switchStage', keysOf(place, id, runs), args);
        if (kind === 'switched' || kind === 'same') await expectReplicated(place.redis);
        switch (kind) {
          case 'switched':
            return { kind, migration: recordOf(place, id, flat), ended: (ended as string) || null };
          case 'same':
          case 'other':
          case 'notNext':
            return { kind, migration: recordOf(place, id, flat) };
          case 'unknown':
            return { kind };
          default:
            return undefined;
        }
      }),

    deleteMigration: (id) =>
      untilStill(id, async () => {
        const runs = await runsOf(place, id).catch((error: unknown) => {
          if (!isUnreadable(error)) throw error;
        });
        if (runs === undefined) return deleteDamaged(place, id);
        const [kind] = await place.run('delete', keysOf(place, id, runs), [id, runs]);
        return kind === 'deleted' || kind === 'open' || kind === 'unknown' ? kind : undefined;
      }),
  };
}

function runCalls(place: Writing): Pick<MigrationStore, 'orderMigrationRun' | 'beginMigrationRun'> {
  return {
    async orderMigrationRun(id, number) {
      if (!isId(id)) return { kind: 'unknown' };
      const [kind, flat] = await place.run('order', keysOf(place, id, 0), [number ?? '']);
      if (kind === 'ordered' || kind === 'begun' || kind === 'ahead')
        return { kind, migration: recordOf(place, id, flat) };
      return { kind: 'unknown' };
    },

    async beginMigrationRun({ migrationId: id, number, spec, now }) {
      const { runId, shard } = spec;
      const aim = [number, directionOf(spec), shard.window];
      const args = [runId, canonicalJson(spec), now, LEDGER_VERSION, ...aim, NO_TRACE, number - 1];
      const keys = [...keysInOrder(ledgerKeys(place.prefix, runId)), ...keysOf(place, id, number - 1)];
      const [kind] = await place.run('begin', keys, args);
      if (kind === 'created') return { kind: 'begun' };
      if (kind === 'taken' || kind === 'moved') return { kind };
      return { kind: 'unknown' };
    },
  };
}

/** A call that is undefined met a migration that moved between its read and its write. */
async function untilStill<T>(id: string, call: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < MOVED_TRIES_MAX; tries += 1) {
    const answer = await call();
    if (answer !== undefined) return answer;
  }
  throw brokenRule(id, `its migration began ${MOVED_TRIES_MAX} runs while one call was made.`);
}

function keysOf({ prefix }: Pick<Place, 'prefix'>, id: string, runs: number): readonly string[] {
  return [
    `${prefix}:ledger:migration:${id}`,
    setKey({ prefix }),
    ledgerKeys(prefix, migrationRunId(id, runs)).run,
  ];
}

function setKey({ prefix }: Pick<Place, 'prefix'>): string {
  return `${prefix}:ledger:migrations`;
}

/** A record without its number of runs, or a key of another type: nothing can be said of its runs, and they stay. */
async function deleteDamaged(place: Place, id: string): Promise<'deleted' | 'unknown'> {
  if (!isId(id)) return 'unknown';
  const [key] = keysOf(place, id, 0) as [string];
  const listed = await orRedisFault(place.redis.zrem(setKey(place), id));
  const found = await orRedisFault(place.redis.unlink(key));
  return listed + found > 0 ? 'deleted' : 'unknown';
}

async function runsOf(place: Place, id: string): Promise<number | undefined> {
  if (!isId(id)) return undefined;
  const runs = await orRedisFault(place.redis.hget(keysOf(place, id, 0)[0] as string, 'runs'));
  return runs === null ? undefined : Number(runs);
}

async function read(place: Place, id: string): Promise<MigrationRecord | undefined> {
  if (!isId(id)) return undefined;
  const fields = await orRedisFault(place.redis.hgetall(keysOf(place, id, 0)[0] as string)).catch((cause) => {
    throw isUnreadable(cause) ? unreadableMigration(id, cause) : cause;
  });
  return Object.keys(fields).length === 0
    ? undefined
    : decodeMigration({ id, fields, definitions: place.definitions });
}

/** The message, where it cannot be read. */
function readOrTell(place: Place, id: string): Promise<MigrationRecord | string | undefined> {
  return read(place, id).catch((error: unknown) => {
    if (!isUnreadable(error)) throw error;
    return error.message;
  });
}

function recordOf({ definitions }: Place, id: string, flat: unknown): MigrationRecord {
  const list = flat as readonly string[];
  const pairs = Array.from({ length: list.length / 2 }, (_, pair) => [list[2 * pair], list[2 * pair + 1]]);
  const fields = Object.fromEntries(pairs) as Record<string, string>;
  return decodeMigration({ id, fields, definitions });
}

/** An id with ":" would reach another key. */
function isId(id: string): boolean {
  return runIdSchema.safeParse(id).success;
}
