/** What a server is asked for: a column, or its value in the wider common type of both sides. */
import type { ReadAs } from '@rowparity/contracts';

export function readExpression(column: string, readAs: ReadAs): string {
  switch (readAs.kind) {
    case 'plain':
      return column;
    case 'decimal':
      return `CAST(${column} AS DECIMAL(${readAs.precision},${readAs.scale}))`;
    case 'double':
      // CAST(… AS DOUBLE) is not known to MySQL 5.7.
      return `${column} + 0e0`;
  }
}
