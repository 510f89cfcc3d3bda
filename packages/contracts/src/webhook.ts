/**
 * What a webhook is told: a small document about a run or a migration, with an id of its own. Address and secret are
 * configured at the coordinator under a name; specs have the name alone.
 */
import { z } from 'zod';
import { direction, stage } from './direction.ts';
import { failureCode } from './failure.ts';
import { verdict } from './ledgerRecords.ts';
import { migrationId } from './migration.ts';
import { connectionRef, epochMs, generation, runId, safeCount } from './scalars.ts';

export const WEBHOOK_VERSION = 1;

/** Deliveries that wait at one time; more are made when there is room. */
export const DELIVERIES_MAX = 10_000;

/** The same for the same event, however often it is sent: a receiver drops what it has seen. */
const deliveryId = z.string().regex(/^[0-9a-f]{32}$/);

const common = {
  version: z.literal(WEBHOOK_VERSION),
  id: deliveryId,
  /** When it was noticed. */ at: epochMs,
};

export const webhookMessage = z.discriminatedUnion('event', [
  z.strictObject({
    ...common,
    event: z.literal('run.settled'),
    ...{ runId, generation, direction, verdict },
    /** Why the run as a whole has no better verdict. */
    failure: failureCode.nullable(),
    settledAt: epochMs,
  }),
  z.strictObject({
    ...common,
    event: z.literal('run.first_difference'),
    ...{ runId, generation, direction },
    /** Confirmed differences so far. */
    differences: safeCount,
  }),
  z.strictObject({
    ...common,
    event: z.literal('gate.opened'),
    ...{ migrationId, stage },
    /** The full run with which it opened. */
    runId,
  }),
]);
export type WebhookMessage = z.infer<typeof webhookMessage>;

/** A message on its way, as the ledger keeps it. */
export const webhookDelivery = z.strictObject({
  version: z.literal(WEBHOOK_VERSION),
  endpoint: connectionRef,
  message: webhookMessage,
  createdAt: epochMs,
  /** Attempts so far. */
  tries: safeCount,
  /** When the next attempt is due; null when it is delivered or given up. */
  dueAt: epochMs.nullable(),
  /** What the last attempt came to, for people; empty before. */
  last: z.string().max(300),
});
export type WebhookDelivery = z.infer<typeof webhookDelivery>;
