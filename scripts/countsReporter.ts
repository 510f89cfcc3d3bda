// A vitest reporter that only counts, into the file that ROWPARITY_TEST_COUNTS names: the last line of `npm test` must
// come after everything that vitest and its servers print. A file that does not load counts as one failure.

import { writeFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

export const COUNTS_FILE_VARIABLE = 'ROWPARITY_TEST_COUNTS';

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

export default class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env[COUNTS_FILE_VARIABLE];
    if (file === undefined) return;
    const counts: TestCounts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      counts.failed += module.errors().length;
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        counts[state === 'pending' ? 'failed' : state] += 1;
      }
    }
    writeFileSync(file, JSON.stringify(counts));
  }
}
