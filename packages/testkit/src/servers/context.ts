// What every way of starting a server needs to know; made once per call of startServers.

import type { Guardian } from './guardian.ts';

export interface Context {
  readonly env: NodeJS.ProcessEnv;
  /** One line for people, without credentials. */
  readonly say: (line: string) => void;
  readonly guardian: Guardian;
}
