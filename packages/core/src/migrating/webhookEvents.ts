/**
 * Finds what webhooks are to be told, and makes the deliveries. It may be called any number of times, by any process:
 * the id of a delivery is made of what it tells, and a store makes each once.
 */
import { hash } from 'node:crypto';
import {
  confirmedOf,
  type MigrationRecord,
  type RunHeader,
  WEBHOOK_VERSION,
  type WebhookMessage,
} from '@rowparity/contracts';
import { newestRunOf } from '../ledgering/stages.ts';
import type { LedgerReadings, MigrationReadings, ToldRun, WebhookStore } from '../ports/ledger.ts';
import { migrationFacts } from './migrationFacts.ts';
import { migrationGate } from './migrationGate.ts';

/** A run is created right after it was put on the list. */
const CREATED_WITHIN_MS = 60_000;
const ID_CHARS = 32;

export interface WebhookEventsDeps {
  readonly webhooks: WebhookStore;
  readonly migrations: MigrationReadings;
  readonly ledger: LedgerReadings;
}

/** The first difference of a run, and its end; then the run leaves the list. */
export async function tellOfRun(
  { runId, since }: ToldRun,
  { webhooks, ledger }: Pick<WebhookEventsDeps, 'webhooks' | 'ledger'>,
  now: number,
): Promise<void> {
  const run = await ledger.getRun(runId);
  if (!run) {
    if (now - since > CREATED_WITHIN_MS) await webhooks.toldRunRemove(runId);
    return;
  }
  const messages = await messagesOf(run, ledger, now);
  const unmade = await unmadeOf(messages, webhooks);
  const endpoint = unmade.length > 0 ? (await ledger.getSpec(runId))?.webhook?.endpoint : undefined;
  for (const message of unmade) {
    if (endpoint === undefined) break;
    if ((await webhooks.addDelivery({ endpoint, message })) === 'full') return;
  }
  if (run.state === 'settled') await webhooks.toldRunRemove(runId);
}

async function messagesOf(run: RunHeader, ledger: LedgerReadings, now: number): Promise<WebhookMessage[]> {
  const { runId, generation, direction, verdict, settledAt, createdAt } = run;
  const differences = confirmedOf((await ledger.sums(runId)).counts);
  const common = { version: WEBHOOK_VERSION, at: now, runId, generation, direction } as const;
  const messages: WebhookMessage[] = [];
  if (differences > 0) {
    const event = 'run.first_difference';
    messages.push({ ...common, event, id: idOf(event, runId, createdAt), differences });
  }
  if (verdict !== null && settledAt !== null) {
    const event = 'run.settled';
    const failure = run.failure?.code ?? null;
    messages.push({ ...common, event, id: idOf(event, runId, createdAt), verdict, failure, settledAt });
  }
  return messages;
}

/** A spec is read only where there is something to send: it may be long, and this is asked every second. */
async function unmadeOf(
  messages: readonly WebhookMessage[],
  webhooks: WebhookStore,
): Promise<WebhookMessage[]> {
  const known = await Promise.all(messages.map(({ id }) => webhooks.getDelivery(id)));
  return messages.filter((_, place) => known[place] === undefined);
}

/** After each run and each switch of the stage, once: whether the gate has opened. */
export async function tellOfGate(
  migration: MigrationRecord,
  { webhooks, ...readings }: WebhookEventsDeps,
  now: number,
): Promise<void> {
  const { migrationId, createdAt, runs, stage, definition } = migration;
  const endpoint = definition.spec.webhook?.endpoint;
  const runId = newestRunOf(migration);
  if (endpoint === undefined || runId === undefined) return;
  const before = await webhooks.gateSight(migrationId, createdAt);
  if (before?.runs === runs && before.stage === stage) return;
  const newest = await readings.ledger.getRun(runId);
  if (newest && newest.state !== 'settled') return;
  const facts = await migrationFacts(migrationId, readings, now);
  // It moved meanwhile: the next look finds where to.
  if (facts?.migration.runs !== runs || facts.migration.stage !== stage) return;
  const { ready } = migrationGate(facts, definition.gate, now);
  if (ready && !(before?.ready && before.stage === stage)) {
    const event = 'gate.opened';
    const id = idOf(event, `${migrationId} ${stage} ${runs}`, createdAt);
    const message = { version: WEBHOOK_VERSION, at: now, event, id, migrationId, stage, runId } as const;
    if ((await webhooks.addDelivery({ endpoint, message })) === 'full') return;
  }
  await webhooks.noteGateSight(migrationId, createdAt, { runs, stage, ready });
}

function idOf(event: string, subject: string, createdAt: number): string {
  return hash('sha256', `${event} ${subject} ${createdAt}`, 'hex').slice(0, ID_CHARS);
}
