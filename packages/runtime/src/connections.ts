/** The connections that specs name: one environment variable each, ROWPARITY_CONNECTION_<NAME>. */
import { ConfigurationError } from './options.ts';

const PREFIX = 'ROWPARITY_CONNECTION_';

/** URLs by upper-case name. Their content is read by whoever connects. */
export function connectionUrls(env: NodeJS.ProcessEnv): ReadonlyMap<string, string> {
  const found = Object.entries(env).filter(([name, url]) => name.startsWith(PREFIX) && url);
  if (found.length === 0) {
    throw new ConfigurationError(
      `${PREFIX}<NAME>: expected at least one connection, such as ${PREFIX}SOURCE=mysql://user:password@host:3306/database; none is set.`,
    );
  }
  return new Map(found.map(([name, url]) => [name.slice(PREFIX.length).toUpperCase(), url as string]));
}
