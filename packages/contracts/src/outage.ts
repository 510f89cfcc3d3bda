/**
 * Whether a server that could not be reached may answer later. What Node refuses in a TLS handshake is a wrong setting,
 * and stays one; everything else may pass.
 */

/** A chain of causes longer than this is a ring. */
const CAUSES_MAX = 10;
/** Codes of OpenSSL's verification and of Node's own TLS; EPROTO is TLS to a port without. */
const TLS =
  /^(ERR_TLS|ERR_SSL|EPROTO|CERT_|CRL_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|INVALID_|HOSTNAME_|PATH_LENGTH)/;

export function isOutage(error: unknown): boolean {
  let next = error;
  for (let depth = 0; depth < CAUSES_MAX && next instanceof Error; depth += 1) {
    const { code } = next as { readonly code?: unknown };
    if (typeof code === 'string' && TLS.test(code)) return false;
    next = next.cause;
  }
  return true;
}
