/**
 * Begins the runs of migrations, under the coordinator's lease. It keeps no state: after a crash anywhere the next
 * coordinator reads the records and goes on. If a coordinator without the lease still writes, the ledger begins no run
 * twice.
 */
import { type Clock, isTransient, type MigrationRecord, type RunSpec } from '@rowparity/contracts';
import {
  advanceMigration,
  type LedgerReadings,
  type MigrationStore,
  type WebhookStore,
} from '@rowparity/core';
import type { Lease } from '@rowparity/redis';
import type { Log } from '@rowparity/runtime';
import { LookLoop } from './lookLoop.ts';

/** Between two looks: a run takes minutes, and a turned direction should not stand without a run for long. */
const LOOK_MS = 500;
/** How often a migration that cannot go on is logged, and how many of them are remembered. */
const TELL_AGAIN_MS = 60_000;
const TOLD_MAX = 1000;

export interface MigrationDriverDeps {
  readonly lease: Pick<Lease, 'term'>;
  readonly migrations: MigrationStore;
  readonly ledger: LedgerReadings;
  readonly webhooks: Pick<WebhookStore, 'toldRunAdd'>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

export class MigrationDriver {
  readonly #deps: MigrationDriverDeps;
  readonly #loop: LookLoop;
  readonly #toldAtMs = new Map<string, number>();

  constructor(deps: MigrationDriverDeps) {
    this.#deps = deps;
    this.#loop = new LookLoop({
      ...{ clock: deps.clock, pauseMs: LOOK_MS, look: () => this.#look() },
      onFault: (error) => deps.log.warn({ err: error }, 'migrations cannot be looked at; trying again'),
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
  }

  async #look(): Promise<void> {
    const { lease, migrations } = this.#deps;
    if (!lease.term) return;
    const { migrations: all, unreadable } = await migrations.listMigrations();
    for (const { migrationId, message } of unreadable) this.#tell(migrationId, message);
    for (const migration of all) {
      if (!lease.term || this.#loop.signal.aborted) return;
      await this.#advance(migration).catch((error: unknown) => this.#leaveOut(migration, error));
    }
  }

  async #advance(migration: MigrationRecord): Promise<void> {
    const { webhooks, clock } = this.#deps;
    const beforeBegin = async ({ runId, webhook }: RunSpec) => {
      if (webhook) await webhooks.toldRunAdd(runId, clock.now());
    };
    const advanced = await advanceMigration(migration, { ...this.#deps, beforeBegin });
    if (advanced.kind === 'waiting') return;
    const { migrationId, stage } = migration;
    const { kind, runId } = advanced;
    const told = kind === 'begun' ? 'began a run' : 'a run has the id of the next one; taking another number';
    this.#deps.log.info({ migrationId, runId, stage }, told);
  }

  /** One migration's fault must not delay the others. An outage of the ledger affects all of them. */
  #leaveOut({ migrationId }: MigrationRecord, error: unknown): void {
    if (isTransient(error)) throw error;
    this.#tell(migrationId, error);
  }

  #tell(migrationId: string, why: unknown): void {
    const { clock, log } = this.#deps;
    const last = this.#toldAtMs.get(migrationId);
    if (last !== undefined && clock.steadyNow() - last < TELL_AGAIN_MS) return;
    if (this.#toldAtMs.size >= TOLD_MAX) this.#toldAtMs.clear();
    this.#toldAtMs.set(migrationId, clock.steadyNow());
    log.error({ migrationId, err: why }, 'this migration begins no run; the others do');
  }
}
