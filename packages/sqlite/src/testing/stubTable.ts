/** For tests of work on a real ledger: a table's plan, and a reader that never reads a row. */
import { Fault, type PlacedTablePlan } from '@rowparity/contracts';
import type { RowReader } from '@rowparity/core';

const table = { schema: 's', table: 't' };
export const plan: PlacedTablePlan = {
  tables: { source: table, destination: table },
  columns: [
    {
      names: { source: 'id', destination: 'id' },
      types: { source: 'int', destination: 'int' },
      readAs: { kind: 'plain' },
      rules: [],
    },
  ],
  key: [{ column: 0, kind: 'integer' }],
  indexes: { source: 'PRIMARY', destination: 'PRIMARY' },
  where: null,
};

/** Every call ends in `answer`, which throws. */
export function stubReader(answer: () => Promise<never>): RowReader {
  return {
    readPage: answer,
    stream: () => ({ page: answer, take: () => undefined, close: async () => undefined }),
    readKeys: answer,
    digests: answer,
    probeDigest: answer,
    keysBehind: answer,
    lastKey: answer,
    position: answer,
    progress: answer,
    forget: () => undefined,
    broken: (message) => new Fault('permanent', { code: 'PROTOCOL_BROKEN', message }),
    close: async () => {},
  };
}
