/** Loads the Lua scripts of the budget and calls them. All take the same keys, which lie in one slot. */
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';

const NAMES = ['admit', 'tell', 'store'] as const;
type Name = (typeof NAMES)[number];
type Command = (...args: readonly string[]) => Promise<readonly string[]>;
export type RunBudgetScript = (name: Name, request: object) => Promise<readonly string[]>;

/** Of the hash with what servers said. */
export function hostsKey(prefix: string): string {
  return `${prefix}:budget:hosts`;
}

export function loadBudgetScripts(redis: Redis, prefix: string): RunBudgetScript {
  const keys = [
    `${prefix}:budget:grants`,
    `${prefix}:budget:waiting`,
    hostsKey(prefix),
    `${prefix}:budget:state`,
  ];
  const prelude = luaOf('prelude');
  for (const name of NAMES) {
    redis.defineCommand(commandOf(name), {
      lua: `${prelude}\n${luaOf(name)}`,
      numberOfKeys: keys.length,
    });
  }
  const commands = redis as unknown as Readonly<Record<string, Command>>;
  return (name, request) => {
    const command = commands[commandOf(name)] as Command;
    return orRedisFault(command.call(redis, ...keys, JSON.stringify(request)));
  };
}

function commandOf(name: Name): string {
  return `rowparityBudget_${name}`;
}

function luaOf(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
}
