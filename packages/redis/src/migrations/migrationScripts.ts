/** The Lua scripts of migrations. One of them creates a run as the ledger does, in the same step. */
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';

const NAMES = ['create', 'switchStage', 'order', 'begin', 'delete'] as const;
export type MigrationScript = (typeof NAMES)[number];

export type RunMigrationScript = (
  name: MigrationScript,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<readonly unknown[]>;

function luaAt(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8');
}

function luaOf(name: MigrationScript): string {
  const own = `${luaAt('./lua/prelude.lua')}\n${luaAt(`./lua/${name}.lua`)}`;
  if (name !== 'begin') return own;
  return `${luaAt('../ledger/lua/prelude.lua')}\n${own}\n${luaAt('../ledger/lua/createRun.lua')}`;
}

const LUA: ReadonlyMap<MigrationScript, string> = new Map(NAMES.map((name) => [name, luaOf(name)]));

type Command = (count: number, ...args: readonly (string | number)[]) => Promise<readonly unknown[]>;

export function loadMigrationScripts(redis: Redis): RunMigrationScript {
  for (const [name, lua] of LUA) redis.defineCommand(commandOf(name), { lua });
  const commands = redis as unknown as Readonly<Record<string, Command>>;
  return (name, keys, args) => {
    const command = commands[commandOf(name)];
    if (!command) throw new Error(`the migration script ${name} was not defined`);
    return orRedisFault(command.call(redis, keys.length, ...keys, ...args));
  };
}

function commandOf(name: MigrationScript): string {
  return `rowparityMigration_${name}`;
}
