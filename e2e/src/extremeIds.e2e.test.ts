import { decodeEvent } from '@rowparity/contracts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openScene, type Scene } from './testing/scene.ts';
import { execute } from './testing/sql.ts';

/** Neighbours that are one number to a double, and the ends of both 64-bit ranges. */
const UNSIGNED = [
  '0',
  '9007199254740992',
  '9007199254740993',
  '18446744073709551614',
  '18446744073709551615',
];
const SIGNED = [
  '-9223372036854775808',
  '-9007199254740993',
  '-9007199254740992',
  '-1',
  '9223372036854775807',
];
const TABLES = [
  { name: 'unsigned_ids', type: 'BIGINT UNSIGNED', ids: UNSIGNED },
  { name: 'signed_ids', type: 'BIGINT', ids: SIGNED },
] as const;

let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ label: 'extremeIds', redisDatabase: 5 });
});
afterAll(() => scene?.[Symbol.asyncDispose]());

test.each(TABLES)(
  'every digit of $name arrives, for each id that is lost alone',
  async ({ name, type, ids }) => {
    for (const [index, lost] of ids.entries()) {
      await execute(
        scene.pair,
        'both',
        `DROP TABLE IF EXISTS ${name}`,
        `CREATE TABLE ${name} (id ${type} PRIMARY KEY)`,
        `INSERT INTO ${name} VALUES ${ids.map((id) => `(${id})`).join()}`,
      );
      await execute(scene.pair, 'destination', `DELETE FROM ${name} WHERE id = ${lost}`);
      const runId = `${name}-${index}`;
      const report = await scene.run(scene.spec(runId, { tables: [{ name }] }));
      expect(report).toMatchObject({
        verdict: 'inconsistent',
        complete: true,
        counts: { targetMissing: 1, candidates: 1 },
      });
      const events = await scene.eventsOf(runId);
      expect(events.map(({ text }) => text.slice(0, text.indexOf(',"Table"')))).toEqual([
        `{"ID":${lost},"Direction":"SRC","Type":"target_missing"`,
      ]);
      expect(decodeEvent(events[0]?.text ?? '').ID).toBe(BigInt(lost));
    }
  },
);
