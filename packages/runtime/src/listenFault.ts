/**
 * A port that cannot be listened on is a configuration fault: another process has it, or the machine lacks the address.
 */
import { ConfigurationError } from './settings/option.ts';

const REASONS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another process listens there',
  EACCES: 'this user may not listen there; ports below 1024 want a privilege',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'there is no such host name',
  EAI_AGAIN: 'the host name could not be looked up',
  EAFNOSUPPORT: 'this machine has no such kind of address',
  EINVAL: 'this is no address to listen on',
};

export function listenFault(
  error: unknown,
  { httpHost, httpPort }: { readonly httpHost: string; readonly httpPort: number },
): unknown {
  const reason = REASONS[String((error as { readonly code?: unknown } | null)?.code)];
  if (reason === undefined) return error;
  return new ConfigurationError(
    `ROWPARITY_HTTP_PORT (--http-port), ROWPARITY_HTTP_HOST (--http-host): cannot listen on ${httpHost}:${httpPort}: ${reason}. Name another port or address.`,
    { cause: error },
  );
}
