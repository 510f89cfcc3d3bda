// The order in which a server is looked for: the environment's, a container, a process of this machine. The
// first that starts wins; when none does, one error tells what every way said and what would help.

import { NoDockerEngine } from './docker.ts';
import type { Way } from './server.ts';

export interface WaysToStart<S> {
  readonly name: string;
  readonly environment: () => Promise<S | undefined>;
  readonly docker: () => Promise<S>;
  readonly native: () => Promise<S>;
}

export interface Choice {
  readonly env: NodeJS.ProcessEnv;
  readonly say: (line: string) => void;
}

const FORCING_VARIABLE = 'ROWPARITY_TEST_SERVERS';

export async function startByFirstWay<S>(ways: WaysToStart<S>, { env, say }: Choice): Promise<S> {
  const given = await ways.environment();
  if (given !== undefined) return given;
  const failures: string[] = [];
  const causes: unknown[] = [];
  for (const way of allowedWays(env)) {
    try {
      return await ways[way]();
    } catch (cause) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      failures.push(`  ${way}: ${reason}`);
      causes.push(cause);
      if (!(cause instanceof NoDockerEngine))
        say(`${ways.name}: no ${way} server (${reason.split('\n')[0]})`);
    }
  }
  throw new AggregateError(causes, `${ways.name} cannot be started:\n${failures.join('\n')}`);
}

function allowedWays(env: NodeJS.ProcessEnv): readonly Exclude<Way, 'environment'>[] {
  const forced = env[FORCING_VARIABLE];
  if (!forced) return ['docker', 'native'];
  if (forced === 'docker' || forced === 'native') return [forced];
  throw new Error(`${FORCING_VARIABLE} must be 'docker' or 'native', found '${forced}'`);
}
