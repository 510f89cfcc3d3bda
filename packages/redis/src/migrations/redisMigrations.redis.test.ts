import { migrationDefinition } from '@rowparity/contracts';
import { migrationsConformance } from '@rowparity/core/conformance/migrations';
import { systemClock } from '@rowparity/runtime';
import { afterEach, expect, it } from 'vitest';
import { createRedisLedger } from '../ledger/createRedisLedger.ts';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { createRedisMigrations, openRedisMigrationReadings } from './redisMigrations.ts';

migrationsConformance('Redis', async () => {
  const { redis, prefix, cleanUp } = testRedis('ledger');
  return {
    ledger: createRedisLedger(redis, { clock: systemClock, prefix }),
    migrations: createRedisMigrations(redis, { prefix }),
    cleanUp,
  };
});

let test: TestRedis | undefined;
afterEach(async () => {
  await test?.cleanUp();
  test = undefined;
});

const DEFINITION = migrationDefinition.parse({
  version: 1,
  spec: { version: 1, source: 'old', destination: 'new', tables: [{ name: 'orders' }] },
});

it('a record that cannot be read is told of beside the others, and can be deleted and put again', async () => {
  test = testRedis('ledger');
  const { redis, prefix } = test;
  const store = createRedisMigrations(redis, { prefix });
  await store.createMigration('fine', DEFINITION, 1);
  await store.createMigration('torn', DEFINITION, 2);
  await redis.hset(`${prefix}:ledger:migration:torn`, 'stage', 'half_way');
  const readings = openRedisMigrationReadings(redis, { prefix });
  expect(await readings.listMigrations()).toMatchObject({
    migrations: [{ migrationId: 'fine' }],
    unreadable: [{ migrationId: 'torn' }],
  });
  await expect(readings.getMigration('torn')).rejects.toMatchObject({ code: 'RUN_UNREADABLE' });
  const damages = [
    () => redis.hset(`${prefix}:ledger:migration:torn`, 'stage', 'half_way'),
    () => redis.hdel(`${prefix}:ledger:migration:torn`, 'runs'),
    () =>
      redis
        .del(`${prefix}:ledger:migration:torn`)
        .then(() => redis.set(`${prefix}:ledger:migration:torn`, 'x')),
  ];
  for (const damage of damages) {
    await damage();
    expect((await readings.listMigrations()).unreadable).toMatchObject([{ migrationId: 'torn' }]);
    expect(await store.deleteMigration('torn')).toBe('deleted');
    expect((await readings.listMigrations()).unreadable).toEqual([]);
    expect(await store.createMigration('torn', DEFINITION, 3)).toMatchObject({ kind: 'created' });
  }
});
