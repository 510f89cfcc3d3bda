/** Watches: series of runs over one spec. */
import { LEDGER_VERSION, type WatchRecord, watchRecord, watchSpec } from '@rowparity/contracts';
import { canonicalJson, type WatchStore } from '@rowparity/core';
import type { LedgerStore, Row } from './ledgerStore.ts';
import { jsonOrNull, readable } from './records.ts';

const ONE = 'SELECT * FROM watches WHERE watchId = :watchId';

export function watchesOf(store: LedgerStore): WatchStore {
  return {
    async putWatch({ watchId, spec, now, max, forgetBefore }) {
      const text = canonicalJson(watchSpec.parse(spec));
      return store.atomically(() => {
        const known = store.first(ONE, { watchId });
        if (known && known.spec !== text) return { kind: 'different' };
        if (known) {
          store.write(`UPDATE watches SET state = 'active', stoppedAt = NULL WHERE watchId = :watchId`, {
            watchId,
          });
          return { kind: 'same' };
        }
        store.write('DELETE FROM watches WHERE stoppedAt < :forgetBefore', { forgetBefore });
        if (Number(store.first('SELECT COUNT(*) AS count FROM watches', {})?.count) >= max)
          return { kind: 'full' };
        store.write('INSERT INTO watches (watchId, spec, createdAt) VALUES (:watchId, :spec, :now)', {
          ...{ watchId, spec: text, now },
        });
        return { kind: 'created' };
      });
    },

    async getWatch(watchId) {
      const row = store.first(ONE, { watchId });
      return row && decodeWatch(row);
    },

    async listWatches() {
      return store.all('SELECT * FROM watches ORDER BY watchId', {}).map(decodeWatch);
    },

    async stopWatch(watchId, now) {
      return store.atomically(() => {
        store.write(
          `UPDATE watches SET state = 'stopped', stoppedAt = :now WHERE watchId = :watchId AND state = 'active'`,
          { watchId, now },
        );
        return store.first(ONE, { watchId }) !== undefined;
      });
    },

    async beginGeneration({ watchId, generation, follows, now }) {
      const began = store.write(
        `UPDATE watches SET generation = :generation, follows = :follows, beganAt = :now
         WHERE watchId = :watchId AND generation = :generation - 1`,
        { watchId, generation, follows, now },
      );
      return began === 1;
    },
  };
}

function decodeWatch(row: Row): WatchRecord {
  return readable(String(row.watchId), () =>
    watchRecord.parse({ ...row, version: LEDGER_VERSION, spec: jsonOrNull(row.spec) }),
  );
}
