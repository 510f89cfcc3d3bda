/** What the exit code says of a run: a run without a verdict yet is inconclusive. */
import type { RunReport } from '@rowparity/contracts';
import { EXIT } from '@rowparity/runtime';

export function exitCodeOf({ verdict }: Pick<RunReport, 'verdict'>): number {
  switch (verdict) {
    case 'consistent':
      return EXIT.ok;
    case 'inconsistent':
      return EXIT.inconsistent;
    case 'inconclusive':
    case null:
      return EXIT.inconclusive;
  }
}
