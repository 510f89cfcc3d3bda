/** For tests of work on a real ledger: a table's plan, and a reader that never reads a row. */
import { Fault, type TablePlan } from '@rowparity/contracts';
import type { RowReader } from '@rowparity/core';

const table = { schema: 's', table: 't' };
export const plan: TablePlan = {
  tables: { base: table, target: table },
  columns: [
    {
      names: { base: 'id', target: 'id' },
      types: { base: 'int', target: 'int' },
      readAs: { kind: 'plain' },
      rules: [],
    },
  ],
  key: [{ column: 0, kind: 'integer' }],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};

/** Whatever is asked of it, `answer` throws. */
export function stubReader(answer: () => Promise<never>): RowReader {
  return {
    readPage: answer,
    stream: () => ({ page: answer, take: () => undefined, close: async () => undefined }),
    readKeys: answer,
    digest: answer,
    probeDigest: answer,
    keyBehind: answer,
    lastKey: answer,
    forget: () => undefined,
    broken: (message) => new Fault('permanent', { code: 'PROTOCOL_BROKEN', message }),
    close: async () => {},
  };
}
