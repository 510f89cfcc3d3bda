/** Stops a check before it begins when a table that it names is not there; `--keep-going` compares the others. */
import { listed, type RunSpec } from '@rowparity/contracts';
import { missingTables } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { UsageError } from '../usage/usageError.ts';
import { commandWords } from './commandWords.ts';
import type { Databases } from './databases.ts';

const NAMED_MAX = 10;

export async function expectTables(spec: RunSpec, databases: Databases, signal: AbortSignal): Promise<void> {
  const ports = { clock: systemClock, catalog: databases.catalog };
  const missing = await missingTables(spec, ports, signal);
  if (missing.length === 0) return;
  const lines = missing.map(({ code, message }) => `${code}: ${commandWords(message)}`);
  throw new UsageError(
    `--tables: nothing was compared, because tables are missing.\n  ${listed(lines, NAMED_MAX, '\n  ')}\n--keep-going compares the others.`,
  );
}
