/**
 * Loads the Lua scripts and calls them. Each takes the same keys in the same order (prelude.lua gives them names)
 * and answers with a tag and what belongs to it.
 */
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';
import { keysInOrder, LEDGER_KEYS_COUNT, type LedgerKeys } from './ledgerKeys.ts';

const SCRIPT_NAMES = [
  'createRun',
  'beginPlanning',
  'addShards',
  'inheritShards',
  'carryKnown',
  'completePlan',
  'settle',
  'requestCancel',
  'pause',
  'resume',
  'deleteRun',
  'openShards',
  'claim',
  'write',
  'split',
  'release',
  'putWatch',
  'stopWatch',
  'beginGeneration',
] as const;
export type ScriptName = (typeof SCRIPT_NAMES)[number];

type ScriptReply = readonly unknown[];
type ScriptCommand = (...args: readonly (string | number)[]) => Promise<ScriptReply>;
export type RunScript = (
  name: ScriptName,
  keys: LedgerKeys,
  args: readonly (string | number)[],
) => Promise<ScriptReply>;

function luaOf(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
}

const LUA: ReadonlyMap<ScriptName, string> = new Map(
  SCRIPT_NAMES.map((name) => [name, `${luaOf('prelude')}\n${luaOf(name)}`]),
);

/** Defines the scripts on a connection; ioredis sends their digests and, when Redis has forgotten one, its text. */
export function loadScripts(redis: Redis): RunScript {
  for (const [name, lua] of LUA) {
    redis.defineCommand(commandOf(name), { lua, numberOfKeys: LEDGER_KEYS_COUNT });
  }
  const commands = redis as unknown as Readonly<Record<string, ScriptCommand>>;
  return (name, keys, args) => {
    const command = commands[commandOf(name)];
    if (!command) throw new Error(`the ledger script ${name} was not defined`);
    return orRedisFault(command.call(redis, ...keysInOrder(keys), ...args));
  };
}

function commandOf(name: ScriptName): string {
  return `rowparityLedger_${name}`;
}
