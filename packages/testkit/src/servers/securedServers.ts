// Servers that speak TLS and want a login, as processes of this machine. Each still answers plainly on its own port.

import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../proxy/freePort.ts';
import { findBinary } from './binaries.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import type { Context } from './context.ts';
import { startGuardian } from './guardian.ts';
import { startNativeKafka } from './nativeKafka.ts';
import { startNativeRedis } from './nativeRedis.ts';
import { startNativeSql } from './nativeSql.ts';
import type { KafkaDescription, SqlServer } from './server.ts';

/** User and password that the secured listeners know. */
export const SECURED_USER = { username: 'parity', password: 'a b&c/d+e' } as const;

export interface SecuredServer<Server> {
  readonly server: Server;
  readonly certificates: Certificates;
  stop(): Promise<void>;
}

const PROGRAMS = {
  sql: ['mysqld', 'mariadbd'],
  redis: ['redis-server', 'valkey-server'],
  kafka: ['java'],
} as const;

/** Why this machine cannot start a server of a kind itself, for the test that is skipped; undefined where it can. */
export function whyNotNative(kind: keyof typeof PROGRAMS): string | undefined {
  const { env } = process;
  if (env.ROWPARITY_MYSQLD && kind === 'sql') return undefined;
  if (findBinary(env, ...PROGRAMS[kind])) return undefined;
  return `skipped: no ${PROGRAMS[kind].join(' or ')} on this machine; containers are not set up for this`;
}

/** The same for a server with certificates. */
export function whyNotSecured(kind: keyof typeof PROGRAMS): string | undefined {
  if (findBinary(process.env, 'openssl') === undefined)
    return 'skipped: no openssl here to make certificates with';
  return whyNotNative(kind);
}

type Say = (line: string) => void;

/**
 * Replacing the file of `certificates.good` and asking for FLUSH SSL or ALTER INSTANCE RELOAD TLS changes what it
 * shows.
 */
export function startSecuredSql(say: Say): Promise<SecuredServer<SqlServer>> {
  return started(say, (context, { ca, good }) =>
    startNativeSql(context, { side: 'source', wanted: 'any' }, { tls: { ca, ...good } }),
  );
}

/** Resolves with the port that wants TLS and the user; without a client certificate it is closed. */
export function startSecuredRedis(say: Say): Promise<SecuredServer<{ readonly port: number }>> {
  return started(say, async (context, { ca, good }) => {
    const port = await freePort();
    await startNativeRedis(context, [
      ...['--tls-port', String(port), '--tls-ca-cert-file', ca],
      ...['--tls-cert-file', good.cert, '--tls-key-file', good.key, '--tls-auth-clients', 'yes'],
      ...['--user', SECURED_USER.username, 'on', `#${passwordHash()}`, '~*', '&*', '+@all'],
    ]);
    return { port };
  });
}

/** Resolves with brokers that want TLS and a login by PLAIN, SCRAM-SHA-256 or SCRAM-SHA-512. */
export function startSecuredKafka(say: Say): Promise<SecuredServer<KafkaDescription>> {
  return started(say, async (context, { good }) => {
    const broker = `localhost:${await freePort()}`;
    const keystore = join(context.guardian.folder, 'keystore.pem');
    await writeFile(keystore, `${await readFile(good.key, 'utf8')}${await readFile(good.cert, 'utf8')}`);
    const { username, password } = SECURED_USER;
    const format = [256, 512].flatMap((bits) => {
      const user = `SCRAM-SHA-${bits}=[name=${username},password=${password}]`;
      return ['--add-scram', user];
    });
    await startNativeKafka(context, {
      settings: (usual) => securedSettings(usual, broker, keystore),
      format,
    });
    return { brokers: [broker] };
  });
}

function securedSettings(usual: Readonly<Record<string, string>>, broker: string, keystore: string) {
  const { username, password } = SECURED_USER;
  const login = (kind: string, rest = '') =>
    `org.apache.kafka.common.security.${kind}LoginModule required${rest};`;
  const add = (name: string, more: string) => ({ [name]: `${usual[name]},${more}` });
  const settingsOf = (settings: Record<string, string>) =>
    Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`listener.name.secured.${name}`, value]),
    );
  return {
    ...add('listeners', `SECURED://${broker}`),
    ...add('advertised.listeners', `SECURED://${broker}`),
    ...add('listener.security.protocol.map', 'SECURED:SASL_SSL'),
    ...settingsOf({
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': keystore,
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'plain.sasl.jaas.config': login('plain.Plain', ` user_${username}="${password}"`),
      'scram-sha-256.sasl.jaas.config': login('scram.Scram'),
      'scram-sha-512.sasl.jaas.config': login('scram.Scram'),
    }),
  };
}

async function started<Server>(
  say: Say,
  start: (context: Context, certificates: Certificates) => Promise<Server>,
): Promise<SecuredServer<Server>> {
  const guardian = await startGuardian();
  const folder = join(guardian.folder, 'certificates');
  await mkdir(folder);
  try {
    const certificates = await makeCertificates(folder);
    const server = await start({ env: process.env, say, guardian }, certificates);
    return { server, certificates, stop: () => guardian.end() };
  } catch (error) {
    await guardian.end();
    throw error;
  }
}

function passwordHash(): string {
  return createHash('sha256').update(SECURED_USER.password).digest('hex');
}
