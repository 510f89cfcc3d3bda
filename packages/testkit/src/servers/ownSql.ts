// A SQL server for one test file alone: tests that set global variables would break all others on a shared one.

import type { Context } from './context.ts';
import { startGuardian } from './guardian.ts';
import { startNativeSql } from './nativeSql.ts';
import type { SqlServer, WantedFlavour } from './server.ts';

export interface OwnSql {
  readonly server: SqlServer;
  stop(): Promise<void>;
}

/** `options`: more of the server's own, such as `--lower-case-table-names=1`. A process of this machine. */
export async function startOwnSql(
  say: (line: string) => void,
  {
    flavour = 'any',
    options = [],
  }: { readonly flavour?: WantedFlavour; readonly options?: readonly string[] } = {},
): Promise<OwnSql> {
  const guardian = await startGuardian();
  const context: Context = { env: process.env, say, guardian };
  try {
    const server = await startNativeSql(context, { side: 'source', wanted: flavour }, { options });
    return { server, stop: () => guardian.end() };
  } catch (error) {
    await guardian.end();
    throw error;
  }
}
