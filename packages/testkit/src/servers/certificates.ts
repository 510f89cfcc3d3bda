// Certificates for tests, made by the openssl of this machine: a good one, and those that must be refused.

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Certificate {
  /** Paths of PEM files. */
  readonly cert: string;
  readonly key: string;
}

export interface Certificates {
  /** The authority of all but `stranger`. */
  readonly ca: string;
  /** For localhost and 127.0.0.1, as servers and as clients. */
  readonly good: Certificate;
  /** For a host of another name. */
  readonly otherHost: Certificate;
  /** Its time was over years ago. */
  readonly expired: Certificate;
  /** Good, but of an unknown authority. */
  readonly stranger: Certificate;
  /** Good, and for one name alone, or for none. */
  readonly named: Readonly<Record<CertificateName, Certificate>>;
}

const NAMES = {
  localhost: 'subjectAltName=DNS:localhost',
  '127.0.0.1': 'subjectAltName=IP:127.0.0.1',
  '::1': 'subjectAltName=IP:::1',
  '127.0.0.1 as a host name': 'subjectAltName=DNS:127.0.0.1',
  'no name': 'extendedKeyUsage=serverAuth',
} as const;
export type CertificateName = keyof typeof NAMES;

const run = promisify(execFile);
const LOCAL = 'subjectAltName=DNS:localhost,IP:127.0.0.1';
const OTHER = 'subjectAltName=DNS:db.elsewhere.example';
/** From a year ago to the end of the century: clocks of test machines are not always right. */
const LASTING = { from: '20200101000000Z', to: '20991231000000Z' };
const OVER = { from: '20200101000000Z', to: '20200201000000Z' };
const NEW_KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** Throws when there is no openssl. The folder keeps the files. */
export async function makeCertificates(folder: string): Promise<Certificates> {
  const [ours, theirs] = [await makeAuthority(folder, 'ours'), await makeAuthority(folder, 'theirs')];
  return {
    ca: ours.cert,
    good: await sign(ours, { name: 'good', alternative: LOCAL, time: LASTING }),
    otherHost: await sign(ours, { name: 'other-host', alternative: OTHER, time: LASTING }),
    expired: await sign(ours, { name: 'expired', alternative: LOCAL, time: OVER }),
    stranger: await sign(theirs, { name: 'stranger', alternative: LOCAL, time: LASTING }),
    named: await named(ours),
  };
}

async function named(authority: Authority): Promise<Certificates['named']> {
  const signed: [string, Certificate][] = [];
  for (const [name, alternative] of Object.entries(NAMES)) {
    const file = `named-${signed.length}`;
    signed.push([name, await sign(authority, { name: file, alternative, time: LASTING })]);
  }
  return Object.fromEntries(signed) as Certificates['named'];
}

interface Authority extends Certificate {
  readonly folder: string;
  readonly config: string;
}

async function makeAuthority(parent: string, name: string): Promise<Authority> {
  const folder = join(parent, name);
  await mkdir(join(folder, 'issued'), { recursive: true });
  const config = join(folder, 'ca.cnf');
  const lines = ['[ca]', 'default_ca=it', '[it]', `database=${folder}/index`, `serial=${folder}/serial`];
  lines.push(`new_certs_dir=${folder}/issued`, 'default_md=sha256', 'policy=names');
  lines.push('[names]', 'commonName=supplied', '');
  await writeFile(config, lines.join('\n'));
  await writeFile(join(folder, 'index'), '');
  await writeFile(join(folder, 'serial'), '01');
  const files = { cert: join(folder, 'ca.pem'), key: join(folder, 'ca.key') };
  await run('openssl', [
    ...['req', '-x509', ...NEW_KEY, '-keyout', files.key, '-out', files.cert],
    ...['-subj', `/CN=Rowparity test authority (${name})`, '-days', '36500'],
  ]);
  return { ...files, folder, config };
}

async function sign(
  authority: Authority,
  wanted: { readonly name: string; readonly alternative: string; readonly time: typeof LASTING },
): Promise<Certificate> {
  const base = join(authority.folder, wanted.name);
  const files = { cert: `${base}.pem`, key: `${base}.key` };
  await writeFile(`${base}.ext`, `${wanted.alternative}\n`);
  const subject = ['-subj', `/CN=${wanted.name}`];
  await run('openssl', ['req', ...NEW_KEY, '-keyout', files.key, '-out', `${base}.csr`, ...subject]);
  await run('openssl', [
    ...['ca', '-batch', '-notext', '-config', authority.config],
    ...['-cert', authority.cert, '-keyfile', authority.key, '-in', `${base}.csr`, '-out', files.cert],
    ...['-startdate', wanted.time.from, '-enddate', wanted.time.to, '-extfile', `${base}.ext`],
  ]);
  return files;
}
