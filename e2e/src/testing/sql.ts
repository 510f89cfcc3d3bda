// Runs statements on one side of a pair, or on both.

import { connect, type SideName } from '@rowparity/testkit';
import type { DatabasePair } from './scene.ts';

const BOTH: readonly SideName[] = ['source', 'destination'];

export async function execute(
  pair: DatabasePair,
  sides: SideName | 'both',
  ...statements: readonly string[]
): Promise<void> {
  for (const side of sides === 'both' ? BOTH : [sides]) {
    const connection = await connect(pair[side].server, pair[side].name);
    try {
      for (const statement of statements) await connection.query(statement);
    } finally {
      await connection.end();
    }
  }
}
