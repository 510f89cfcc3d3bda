/**
 * Finds what webhooks are to be told and sends it, under the coordinator's lease. What was found and what was sent
 * stands in the ledger, so the next coordinator goes on after a crash; then a message may be sent twice, with one id.
 */
import { type Clock, isTransient, type WebhookDelivery } from '@rowparity/contracts';
import { isUnreadable, nextAttemptAt, tellOfGate, tellOfRun, type WebhookEventsDeps } from '@rowparity/core';
import type { Lease } from '@rowparity/redis';
import type { Log } from '@rowparity/runtime';
import { LookLoop } from './lookLoop.ts';
import { sendWebhook, type WebhookEndpoint } from './sendWebhook.ts';

const LOOK_MS = 1000;
/** Deliveries that are sent side by side: a slow receiver must not hold up many others for long. */
const SENT_AT_ONCE = 16;
const TOLD_CHARACTERS_MAX = 300;

export interface WebhookDriverDeps extends WebhookEventsDeps {
  readonly lease: Pick<Lease, 'term'>;
  /** By lower-case name. */
  readonly endpoints: ReadonlyMap<string, WebhookEndpoint>;
  readonly clock: Clock;
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>;
}

export class WebhookDriver {
  readonly #deps: WebhookDriverDeps;
  readonly #loop: LookLoop;
  /** Deliveries whose attempt is under way. */
  readonly #sending = new Map<string, Promise<void>>();

  constructor(deps: WebhookDriverDeps) {
    this.#deps = deps;
    this.#loop = new LookLoop({
      ...{ clock: deps.clock, pauseMs: LOOK_MS, look: () => this.#look() },
      onFault: (error) => deps.log.warn({ err: error }, 'webhooks cannot be looked after; trying again'),
    });
  }

  start(): void {
    this.#loop.start();
  }

  async stop(): Promise<void> {
    await this.#loop.stop();
    await Promise.all(this.#sending.values());
  }

  async #look(): Promise<void> {
    const { webhooks, migrations } = this.#deps;
    if (!this.#isLeading) return;
    for (const told of await webhooks.toldRuns()) {
      if (!this.#isLeading) return;
      await this.#orLeave(told, () => tellOfRun(told, this.#deps, this.#deps.clock.now()));
    }
    for (const migration of (await migrations.listMigrations()).migrations) {
      if (!this.#isLeading) return;
      const { migrationId } = migration;
      await this.#orLeave({ migrationId }, () => tellOfGate(migration, this.#deps, this.#deps.clock.now()));
    }
    await this.#send();
  }

  get #isLeading(): boolean {
    return this.#deps.lease.term !== undefined && !this.#loop.signal.aborted;
  }

  /** A record that cannot be read must not keep the others from being told; the supervisor tells of it. */
  async #orLeave(what: object, step: () => Promise<void>): Promise<void> {
    await step().catch((error: unknown) => {
      if (isTransient(error)) throw error;
      if (!isUnreadable(error)) this.#deps.log.error({ ...what, err: error }, 'its webhook is not told');
    });
  }

  /** Does not wait for the answers: the next look goes on with those that have room. */
  async #send(): Promise<void> {
    const { webhooks, clock } = this.#deps;
    const due = await webhooks.dueDeliveries(clock.now(), SENT_AT_ONCE + this.#sending.size);
    for (const delivery of due) {
      const { id } = delivery.message;
      if (this.#sending.size >= SENT_AT_ONCE || !this.#isLeading) return;
      if (this.#sending.has(id)) continue;
      const sent = this.#attempt(delivery).finally(() => this.#sending.delete(id));
      this.#sending.set(id, sent);
    }
  }

  async #attempt(delivery: WebhookDelivery): Promise<void> {
    const { webhooks, clock, log, endpoints } = this.#deps;
    const { message, createdAt, tries } = delivery;
    const named = { endpoint: delivery.endpoint, id: message.id, event: message.event };
    try {
      const endpoint = endpoints.get(delivery.endpoint.toLowerCase());
      const sent = endpoint
        ? await sendWebhook({ endpoint, message, now: clock.now(), signal: this.#loop.signal })
        : { isTaken: false, told: 'there is no webhook of this name in ROWPARITY_WEBHOOKS' };
      const now = clock.now();
      const dueAt = sent.isTaken ? null : nextAttemptAt({ tries: tries + 1, createdAt }, now);
      const last = sent.told.slice(0, TOLD_CHARACTERS_MAX);
      await webhooks.noteAttempt(message.id, { dueAt, last, now });
      if (sent.isTaken) log.info(named, 'webhook told');
      else if (dueAt === null) log.error({ ...named, last }, 'webhook given up');
      else log.warn({ ...named, last, tries: tries + 1 }, 'webhook not told; trying again');
    } catch (error) {
      // Nothing is noted, so it stays due.
      if (!this.#loop.signal.aborted) log.warn({ ...named, err: error }, 'an attempt was not noted');
    }
  }
}
