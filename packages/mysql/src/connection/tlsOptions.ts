/** What a connection URL says of TLS, with its files read, as mysql2 wants it. */
import { readFile } from 'node:fs/promises';
import { Fault } from '@rowparity/core';
import type { SslOptions } from 'mysql2';
import type { ConnectionTarget } from './connectionUrl.ts';

/** mysql2 verifies the host's name only when it is told to. */
export async function tlsOptions(target: ConnectionTarget): Promise<SslOptions | undefined> {
  if (target.tls === 'off') return undefined;
  const isVerified = target.tls === 'verify';
  const [ca, cert, key] = await Promise.all([
    pem('tlsCa', target.tlsCaFile),
    pem('tlsCert', target.tlsCertFile),
    pem('tlsKey', target.tlsKeyFile),
  ]);
  return {
    rejectUnauthorized: isVerified,
    verifyIdentity: isVerified,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  };
}

async function pem(name: string, file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const message = `${name}: cannot read the file ${file} that a connection URL names.`;
    throw new Fault('configuration', { code: 'TLS_REFUSED', message }, { cause });
  }
}
