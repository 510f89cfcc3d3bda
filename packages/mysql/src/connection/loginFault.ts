/** Login faults with the remedy: it depends on whether the connection URL asks for TLS. */
import { Fault } from '@rowparity/contracts';
import type { ConnectionTarget } from './connectionTarget.ts';
import { faultOf, mysqlErrno } from './faultOf.ts';

const ACCESS_DENIED = 1045;

export function loginFault(error: unknown, place: string, { tls }: Pick<ConnectionTarget, 'tls'>): Fault {
  const refused = refusedPlugin(error);
  if (refused) return new Fault('configuration', { code: 'ACCESS_DENIED', message: `${place}: ${refused}` });
  const fault = faultOf(error, place);
  if (tls !== 'off' || mysqlErrno(fault) !== ACCESS_DENIED) return fault;
  // For an account with REQUIRE SSL, the server reports a wrong password.
  const message = `${fault.message} The account may also require TLS, and the connection URL has none: tls=verify.`;
  return new Fault(fault.class, { code: fault.code, message }, { cause: fault.cause });
}

/** The driver's own refusals have no number of the server. */
function refusedPlugin(error: unknown): string | undefined {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown };
  if (code === 'MYSQL_CLEAR_PASSWORD_NOT_ENABLED') {
    return 'the server asks for the password in clear text (mysql_clear_password), which is never sent. Give the user another way to log in.';
  }
  if (code !== 'AUTH_SWITCH_PLUGIN_ERROR') return undefined;
  const name = /unknown plugin ([a-z0-9_]{1,64})/i.exec(String(message))?.[1];
  const what = name ? `by ${name}` : 'in a way';
  return `the server asks for a login ${what} that Rowparity does not know. It knows mysql_native_password, caching_sha2_password and sha256_password.`;
}
