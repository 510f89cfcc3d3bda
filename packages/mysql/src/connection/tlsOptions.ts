/** The TLS options of a connection URL, with their files read, for mysql2. */

import { readFile } from 'node:fs/promises';
import { Fault } from '@rowparity/contracts';
import type { SslOptions } from 'mysql2';
import type { ConnectionTarget } from './connectionTarget.ts';

/** checkCertificateName checks the name in the certificate: mysql2 checks it wrongly for an IP address. */
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
    verifyIdentity: false,
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
