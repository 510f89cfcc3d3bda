/** Deliveries to webhooks, and what has to be looked at to make them. It outlives every coordinator. */
import type { Stage, WebhookDelivery } from '@rowparity/contracts';

/** A run whose webhook is to be told yet. */
export interface ToldRun {
  readonly runId: string;
  /** Since when it is on the list: it is put there before its run is created. */
  readonly since: number;
}

/** Where a gate was found when it was looked at last: once after each run. */
export interface GateSight {
  /** Number of the newest run then. */
  readonly runs: number;
  readonly stage: Stage;
  readonly ready: boolean;
}

export interface Attempted {
  /** When the next attempt is due; null: there is none, for it is delivered or given up. */
  readonly dueAt: number | null;
  /** What the attempt came to, for people. */
  readonly last: string;
  readonly now: number;
}

export interface WebhookStore {
  /** Puts a run on the list of those to be told of. Before it is created: so a crash in between forgets none. */
  toldRunAdd(runId: string, now: number): Promise<void>;
  toldRuns(): Promise<readonly ToldRun[]>;
  toldRunRemove(runId: string): Promise<void>;
  /** Makes a delivery, due at once. `same`: one of its id was made before. `full`: too many wait; make it later. */
  addDelivery(delivery: Pick<WebhookDelivery, 'endpoint' | 'message'>): Promise<'added' | 'same' | 'full'>;
  /** Those that are due, the longest first. */
  dueDeliveries(now: number, limit: number): Promise<readonly WebhookDelivery[]>;
  /** Counts an attempt. A delivery that has no next one is kept for a while, so that it is not made again. */
  noteAttempt(id: string, attempted: Attempted): Promise<void>;
  getDelivery(id: string): Promise<WebhookDelivery | undefined>;
  /** By the id and the beginning of a migration: another one of the same id begins anew. */
  gateSight(migrationId: string, createdAt: number): Promise<GateSight | undefined>;
  noteGateSight(migrationId: string, createdAt: number, sight: GateSight): Promise<void>;
}
