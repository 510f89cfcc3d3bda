// Skips what this place does not have, with the reason.

import { inject, type TestContext } from 'vitest';

/** For beforeEach. */
export function needsCluster({ skip }: TestContext): void {
  const provided = inject('cluster');
  if ('missing' in provided) skip(provided.missing);
}

/** For beforeAll, which runs where tests are skipped, too. */
export function hasCluster(): boolean {
  return 'found' in inject('cluster');
}
