/** Deliveries to webhooks in the Redis of the ledger: a hash each, and two sorted sets of what is to be done. */
import { readFileSync } from 'node:fs';
import {
  DELIVERIES_MAX,
  runId as runIdSchema,
  type Stage,
  WEBHOOK_VERSION,
  type WebhookDelivery,
  webhookDelivery,
} from '@rowparity/contracts';
import type { WebhookStore } from '@rowparity/core';
import type { Redis } from 'ioredis';
import { orRedisFault } from '../connection/redisFault.ts';
import { DEFAULT_PREFIX, expectHashTag } from '../ledger/ledgerKeys.ts';

/** A run is open for days at most: until it is told as settled, its first difference must not be told again. */
const ENDED_KEPT_MS = 31 * 24 * 3600 * 1000;

/** Forgotten then, a gate that is still open is told of once more, behind its next run. */
const SIGHT_KEPT_MS = 400 * 24 * 3600 * 1000;

interface Names {
  readonly due: string;
  readonly told: string;
  gate(migrationId: string): string;
  delivery(id: string): string;
}

const SCRIPTS = ['add', 'note'] as const;
type Scripts = Readonly<
  Record<(typeof SCRIPTS)[number], (...args: readonly (string | number)[]) => Promise<string>>
>;

/** The connection stays the caller's. */
export function createRedisWebhooks(
  redis: Redis,
  { prefix = DEFAULT_PREFIX }: { readonly prefix?: string } = {},
): WebhookStore {
  const names = namesOf(expectHashTag(prefix));
  return { ...listsOf(redis, names), ...deliveriesOf(redis, names, loadScripts(redis)) };
}

type Lists = 'toldRunAdd' | 'toldRuns' | 'toldRunRemove' | 'gateSight' | 'noteGateSight';

function listsOf(redis: Redis, { told, gate }: Names): Pick<WebhookStore, Lists> {
  return {
    async toldRunAdd(runId, now) {
      await orRedisFault(redis.zadd(told, 'NX', now, runIdSchema.parse(runId)));
    },
    async toldRuns() {
      const flat = await orRedisFault(redis.zrange(told, 0, -1, 'WITHSCORES'));
      return Array.from({ length: flat.length / 2 }, (_, pair) => ({
        runId: String(flat[2 * pair]),
        since: Number(flat[2 * pair + 1]),
      }));
    },
    async toldRunRemove(runId) {
      await orRedisFault(redis.zrem(told, runId));
    },
    async gateSight(migrationId, createdAt) {
      const text = await orRedisFault(redis.get(gate(migrationId)));
      const [begun, runs, stage, ready] = text?.split(' ') ?? [];
      if (Number(begun) !== createdAt) return undefined;
      return { runs: Number(runs), stage: stage as Stage, ready: ready === 'ready' };
    },
    async noteGateSight(migrationId, createdAt, { runs, stage, ready }) {
      const text = [createdAt, runs, stage, ready ? 'ready' : 'closed'].join(' ');
      await orRedisFault(redis.set(gate(migrationId), text, 'PX', SIGHT_KEPT_MS));
    },
  };
}

function deliveriesOf(redis: Redis, names: Names, { add, note }: Scripts): Omit<WebhookStore, Lists> {
  const read = async (id: string) => {
    const fields = await orRedisFault(redis.hgetall(names.delivery(id)));
    return Object.keys(fields).length === 0 ? undefined : decode(fields);
  };
  return {
    getDelivery: read,
    async addDelivery({ endpoint, message }) {
      const { id, at } = message;
      const fields = ['version', WEBHOOK_VERSION, 'endpoint', endpoint, 'message', JSON.stringify(message)];
      const state = ['createdAt', at, 'tries', 0, 'dueAt', at, 'last', ''];
      const args = [id, DELIVERIES_MAX, at, ...fields, ...state];
      const kind = await orRedisFault(add(names.delivery(id), names.due, ...args));
      return kind === 'added' || kind === 'same' ? kind : 'full';
    },
    async dueDeliveries(now, limit) {
      const ids = await orRedisFault(redis.zrangebyscore(names.due, '-inf', now, 'LIMIT', 0, limit));
      const found = await Promise.all(
        ids.map((id) => read(id).then((delivery) => delivery ?? dropped(redis, names, id))),
      );
      return found.flatMap((delivery) => delivery ?? []);
    },
    async noteAttempt(id, { dueAt, last }) {
      await orRedisFault(note(names.delivery(id), names.due, id, dueAt ?? '', last, ENDED_KEPT_MS));
    },
  };
}

/** The record is gone: Redis lost it. */
async function dropped(redis: Redis, { due }: Names, id: string): Promise<undefined> {
  await orRedisFault(redis.zrem(due, id));
}

function decode(fields: Readonly<Record<string, string>>): WebhookDelivery {
  return webhookDelivery.parse({
    ...{ version: Number(fields.version), endpoint: fields.endpoint },
    ...{ createdAt: Number(fields.createdAt), tries: Number(fields.tries), last: fields.last },
    message: JSON.parse(fields.message ?? ''),
    dueAt: fields.dueAt ? Number(fields.dueAt) : null,
  });
}

function namesOf(prefix: string): Names {
  const names = `${prefix}:webhook`;
  return {
    ...{ due: `${names}:due`, told: `${names}:told` },
    gate: (migrationId) => `${names}:gate:${migrationId}`,
    delivery: (id) => `${names}:delivery:${id}`,
  };
}

function loadScripts(redis: Redis): Scripts {
  for (const name of SCRIPTS) {
    const lua = readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
    redis.defineCommand(`rowparityWebhook_${name}`, { lua, numberOfKeys: 2 });
  }
  const defined = redis as unknown as Readonly<Record<string, Scripts['add']>>;
  const commandOf = (name: (typeof SCRIPTS)[number]) => {
    const command = defined[`rowparityWebhook_${name}`];
    if (!command) throw new Error(`the webhook script ${name} was not defined`);
    return command.bind(redis);
  };
  return { add: commandOf('add'), note: commandOf('note') };
}
