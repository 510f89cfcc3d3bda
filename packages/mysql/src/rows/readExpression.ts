/** What a server is asked for: a column, or its value in the wider common type of both sides. */
import type { ReadAs } from '@rowparity/contracts';
import { quoted } from './quoted.ts';

export function readExpression(name: string, readAs: ReadAs): string {
  switch (readAs.kind) {
    case 'plain':
      return quoted(name);
    case 'decimal':
      return `CAST(${quoted(name)} AS DECIMAL(${readAs.precision},${readAs.scale}))`;
    case 'double':
      // CAST(… AS DOUBLE) is not known to MySQL 5.7.
      return `${quoted(name)} + 0e0`;
  }
}
