/** Deliveries to webhooks in memory. */
import { DELIVERIES_MAX, WEBHOOK_VERSION, type WebhookDelivery } from '@rowparity/contracts';
import type { GateSight, WebhookStore } from '../ports/ledger.ts';

export function memoryWebhooks(): WebhookStore {
  const told = new Map<string, number>();
  const deliveries = new Map<string, WebhookDelivery>();
  const sights = new Map<string, GateSight>();
  const waiting = () => [...deliveries.values()].filter(({ dueAt }) => dueAt !== null);
  return {
    toldRunAdd: async (runId, now) => void told.set(runId, told.get(runId) ?? now),
    toldRuns: async () => [...told].map(([runId, since]) => ({ runId, since })),
    toldRunRemove: async (runId) => void told.delete(runId),
    async addDelivery({ endpoint, message }) {
      if (deliveries.has(message.id)) return 'same';
      if (waiting().length >= DELIVERIES_MAX) return 'full';
      const times = { createdAt: message.at, dueAt: message.at };
      deliveries.set(message.id, {
        ...{ version: WEBHOOK_VERSION, endpoint, message, ...times, tries: 0, last: '' },
      });
      return 'added';
    },
    dueDeliveries: async (now, limit) =>
      waiting()
        .filter(({ dueAt }) => (dueAt ?? 0) <= now)
        .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))
        .slice(0, limit),
    async noteAttempt(id, { dueAt, last }) {
      const found = deliveries.get(id);
      if (found) deliveries.set(id, { ...found, tries: found.tries + 1, dueAt, last });
    },
    getDelivery: async (id) => deliveries.get(id),
    gateSight: async (migrationId, createdAt) => sights.get(`${migrationId} ${createdAt}`),
    noteGateSight: async (migrationId, createdAt, sight) =>
      void sights.set(`${migrationId} ${createdAt}`, sight),
  };
}
