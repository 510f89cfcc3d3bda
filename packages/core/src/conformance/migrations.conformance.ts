/** The tests that every store of migrations must pass, beside the ledger whose runs it begins and ends. */
import {
  MIGRATIONS_MAX,
  type MigrationDefinitionInput,
  migrationDefinition,
  STAGE_SWITCHES_KEPT_MAX,
  type Stage,
  stage,
} from '@rowparity/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { migrationRunSpec } from '../ledgering/stages.ts';
import type { Ledger, MigrationStore } from '../ports/ledger.ts';
import { LOST, plannedRun } from './ledger/bench.ts';

export interface MigrationsUnderTest {
  /** Both are empty. */
  readonly ledger: Ledger;
  readonly migrations: MigrationStore;
  cleanUp(): Promise<void>;
}

const ID = 'orders-move';
const STRIKES_MAX = 3;

function definitionOf(change: Partial<MigrationDefinitionInput> = {}) {
  const spec = { version: 1, source: 'old', destination: 'new', tables: [{ name: 'orders' }] } as const;
  return migrationDefinition.parse({ version: 1, spec, ...change });
}

export function migrationsConformance(name: string, make: () => Promise<MigrationsUnderTest>): void {
  describe(`migrations: ${name}`, () => {
    let ledger: Ledger;
    let migrations: MigrationStore;
    let cleanUp: () => Promise<void>;
    beforeEach(async () => {
      ({ ledger, migrations, cleanUp } = await make());
    });
    afterEach(() => cleanUp());

    const create = (change?: Partial<MigrationDefinitionInput>) =>
      migrations.createMigration(ID, definitionOf(change), 1000);
    const found = async () => {
      const record = await migrations.getMigration(ID);
      if (!record) throw new Error('expected the migration, found none');
      return record;
    };
    const begin = async (number: number, inStage?: Stage) => {
      const record = { ...(await found()), ...(inStage ? { stage: inStage } : {}) };
      const spec = migrationRunSpec(record, number);
      return (await migrations.beginMigrationRun({ migrationId: ID, number, spec, now: 2000 })).kind;
    };
    const switchTo = (next: Stage, now = 3000, expected?: Stage) =>
      migrations.switchStage(ID, { to: next, now, expected });
    const settle = (runId: string) =>
      ledger.settle(runId, { verdict: 'inconclusive', failure: LOST, now: 4000 });
    const claim = (runId: string) =>
      ledger.claim({ runId, shard: 0, holder: 'h', strikesMax: STRIKES_MAX, now: 5000 });

    it('a migration is created once, and is the same with its body written otherwise', async () => {
      const created = await create();
      expect(created).toMatchObject({
        kind: 'created',
        migration: {
          ...{ migrationId: ID, stage: 'src_only', stageSince: 1000, createdAt: 1000 },
          ...{ runs: 0, begunAt: null, ordered: null, switches: [] },
        },
      });
      await switchTo('src_first');
      expect(await migrations.createMigration(ID, definitionOf({ schedule: {} }), 9000)).toEqual({
        kind: 'same',
        migration: await found(),
      });
      const other = await create({ schedule: { everyMs: 60_000 } });
      expect(other).toMatchObject({ kind: 'different', migration: { stage: 'src_first' } });
      expect((await found()).definition.schedule.everyMs).toBeNull();
    });

    it('created 20 times at once, one call makes it', async () => {
      const all = await Promise.all(Array.from({ length: 20 }, () => create()));
      expect(all.filter(({ kind }) => kind === 'created')).toHaveLength(1);
      expect(all.filter(({ kind }) => kind === 'same')).toHaveLength(19);
    });

    it('what is unknown is told of every call, also of an id that is none', async () => {
      for (const id of ['none', 'a:b']) {
        expect(await migrations.getMigration(id)).toBeUndefined();
        expect(await migrations.switchStage(id, { to: 'src_first', now: 1 })).toEqual({ kind: 'unknown' });
        expect(await migrations.orderMigrationRun(id)).toEqual({ kind: 'unknown' });
        expect(await migrations.deleteMigration(id)).toBe('unknown');
      }
      expect(await migrations.listMigrations()).toEqual({ migrations: [], unreadable: [] });
    });

    it('a stage switches to its neighbours, forth and back, and to no other', async () => {
      await create();
      const order = stage.options;
      for (const [place, from] of order.entries()) {
        for (const far of order) {
          if (Math.abs(order.indexOf(far) - place) <= 1) continue;
          expect(await switchTo(far)).toMatchObject({ kind: 'notNext', migration: { stage: from } });
        }
        expect(await switchTo(from)).toMatchObject({ kind: 'same' });
        const next = order[place + 1];
        if (next)
          expect(await switchTo(next)).toMatchObject({ kind: 'switched', migration: { stage: next } });
      }
      for (const back of order.toReversed().slice(1)) {
        expect(await switchTo(back, 7000)).toMatchObject({ kind: 'switched', ended: null });
      }
      expect(await found()).toMatchObject({ stage: 'src_only', stageSince: 7000 });
      expect((await found()).switches).toHaveLength(6);
    });

    it('of two switches that expect the same stage, one happens; the winner, asked again, is told the same', async () => {
      await create({ stage: 'src_first' });
      const [forth, back] = await Promise.all([
        switchTo('dst_first', 3000, 'src_first'),
        switchTo('src_only', 3000, 'src_first'),
      ]);
      expect([forth.kind, back.kind].toSorted()).toEqual(['other', 'switched']);
      const { stage: now } = await found();
      expect((await switchTo(now, 4000, 'src_first')).kind).toBe('same');
      expect((await found()).switches).toHaveLength(1);
    });

    it('the newest switches are kept, and no more', async () => {
      await create();
      for (let n = 1; n <= STAGE_SWITCHES_KEPT_MAX + 3; n += 1) {
        await switchTo(n % 2 === 1 ? 'src_first' : 'src_only', n);
      }
      const { switches } = await found();
      expect(switches.map(({ at }) => at)).toEqual(
        Array.from({ length: STAGE_SWITCHES_KEPT_MAX }, (_, place) => place + 4),
      );
    });

    it('a run is begun once, as generation of its number, in the direction of the stage', async () => {
      await create({ stage: 'dst_first' });
      const all = await Promise.all(Array.from({ length: 5 }, () => begin(1)));
      expect(all.toSorted()).toEqual(['begun', 'moved', 'moved', 'moved', 'moved']);
      expect(await ledger.getRun(`${ID}.1`)).toMatchObject({
        ...{ generation: 1, direction: 'DST', state: 'accepted', createdAt: 2000 },
      });
      expect(await ledger.getSpec(`${ID}.1`)).toMatchObject({ stage: 'dst_first', direction: 'DST' });
      expect(await ledger.openRuns()).toEqual([`${ID}.1`]);
      expect(await found()).toMatchObject({ runs: 1, begunAt: 2000, ordered: null });
      expect([await begin(3), await begin(2)]).toEqual(['moved', 'begun']);
      expect(await ledger.getRun(`${ID}.2`)).toMatchObject({ generation: 2 });
    });

    it('a run that was made for another direction is not begun', async () => {
      await create({ stage: 'src_first' });
      await switchTo('dst_first');
      expect(await begin(1, 'src_first')).toBe('moved');
      expect(await ledger.getRun(`${ID}.1`)).toBeUndefined();
      expect(await found()).toMatchObject({ runs: 0 });
      expect(await begin(1)).toBe('begun');
    });

    it('a number whose run id is taken is left out, and an order moves on to the next', async () => {
      await create();
      await plannedRun(ledger, [1], `${ID}.1`);
      await migrations.orderMigrationRun(ID);
      expect(await begin(1)).toBe('taken');
      expect(await found()).toMatchObject({ runs: 1, ordered: 2 });
      expect(await ledger.getRun(`${ID}.1`)).toMatchObject({ state: 'running' });
      expect(await begin(2)).toBe('begun');
    });

    it('a switch that turns the direction ends the run under way in the same step, and orders the next', async () => {
      await create({ stage: 'src_first' });
      await begin(1);
      const planning = await ledger.beginPlanning(`${ID}.1`);
      await ledger.addShards(planning, [{ shard: 0, table: 0, range: { after: null, upTo: null } }]);
      const names = { source: 'orders', destination: 'orders' };
      const table = { names, plan: null, refusal: null, shards: 1, estimatedRows: 1 };
      await ledger.completePlan(planning, { tables: [table], now: 2500 });
      const held = await claim(`${ID}.1`);
      if (held.kind !== 'claimed') throw new Error(`expected a claim, found ${held.kind}`);
      const turned = await switchTo('dst_first');
      expect(turned).toMatchObject({ kind: 'switched', ended: `${ID}.1`, migration: { ordered: 2 } });
      expect((await found()).switches).toEqual([{ stage: 'dst_first', at: 3000, ended: `${ID}.1` }]);
      expect(await ledger.runIntents([`${ID}.1`])).toEqual(['stop']);
      expect((await claim(`${ID}.1`)).kind).toBe('over');
      expect((await ledger.release(held.hold)).kind).toBe('over');
      // Back again: the run stays ended.
      expect(await switchTo('src_first')).toMatchObject({ kind: 'switched' });
      expect(await ledger.runIntents([`${ID}.1`])).toEqual(['stop']);
      await settle(`${ID}.1`);
      expect(await begin(2)).toBe('begun');
      expect(await ledger.getRun(`${ID}.2`)).toMatchObject({ direction: 'SRC' });
    });

    it('a switch that keeps the direction, or finds no run under way, ends none and orders none', async () => {
      await create();
      await begin(1);
      expect(await switchTo('src_first')).toMatchObject({ ended: null, migration: { ordered: null } });
      expect(await ledger.getRun(`${ID}.1`)).toMatchObject({ cancelRequested: false });
      await settle(`${ID}.1`);
      expect(await switchTo('dst_first')).toMatchObject({ ended: null, migration: { ordered: null } });
      expect(await ledger.getRun(`${ID}.1`)).toMatchObject({ cancelRequested: false });
    });

    it('an order is one order however often it is given; of an earlier run it is done, and ahead it is refused', async () => {
      await create();
      for (const number of [undefined, 1]) {
        expect(await migrations.orderMigrationRun(ID, number)).toMatchObject({
          ...{ kind: 'ordered', migration: { ordered: 1, runs: 0 } },
        });
      }
      expect((await migrations.orderMigrationRun(ID, 2)).kind).toBe('ahead');
      await begin(1);
      expect(await migrations.orderMigrationRun(ID, 1)).toMatchObject({
        ...{ kind: 'begun', migration: { ordered: null } },
      });
      expect(await migrations.orderMigrationRun(ID)).toMatchObject({ migration: { ordered: 2 } });
    });

    it('it is deleted when its run is settled, with no run touched; then its id is free', async () => {
      await create();
      await begin(1);
      expect(await migrations.deleteMigration(ID)).toBe('open');
      await settle(`${ID}.1`);
      expect(await migrations.deleteMigration(ID)).toBe('deleted');
      expect(await migrations.getMigration(ID)).toBeUndefined();
      expect(await ledger.getRun(`${ID}.1`)).toMatchObject({ state: 'settled' });
      expect((await create()).kind).toBe('created');
      expect(await found()).toMatchObject({ runs: 0 });
    });

    it('they are listed, the newest first', async () => {
      for (const [place, id] of ['first', 'second', 'third'].entries()) {
        await migrations.createMigration(id, definitionOf(), 1000 + place);
      }
      const { migrations: all } = await migrations.listMigrations();
      expect(all.map(({ migrationId }) => migrationId)).toEqual(['third', 'second', 'first']);
      expect(all[0]).toEqual(await migrations.getMigration('third'));
    });

    it('a store takes so many migrations, and no more', async () => {
      const definition = definitionOf();
      for (let n = 0; n < MIGRATIONS_MAX; n += 50) {
        await Promise.all(
          Array.from({ length: 50 }, (_, i) => migrations.createMigration(`m-${n + i}`, definition, 1000)),
        );
      }
      expect((await create()).kind).toBe('full');
      expect((await migrations.createMigration('m-0', definition, 1000)).kind).toBe('same');
      await migrations.deleteMigration('m-7');
      expect((await create()).kind).toBe('created');
    });
  });
}
