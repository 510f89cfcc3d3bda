// mysqld or mariadbd as a process of this machine, with a data folder made for it.

import { randomBytes } from 'node:crypto';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { freePort } from '../proxy/freePort.ts';
import { askSql } from './answers.ts';
import { findBinary, versionOutput } from './binaries.ts';
import type { Certificate } from './certificates.ts';
import type { Context } from './context.ts';
import { installPackages } from './debianPackages.ts';
import { runToEnd, startNative } from './nativeProcess.ts';
import type { Flavour, SideName, SqlAddress, SqlServer, WantedFlavour } from './server.ts';
import { sqlOptions } from './sqlSettings.ts';

interface Binary {
  readonly flavour: Flavour;
  readonly file: string;
}

const MARIADB_PACKAGES = ['mariadb-server-core', 'mariadb-client-core'];

export interface NativeSqlOptions {
  readonly tls?: { readonly ca: string } & Certificate;
  /** More of the server's own options. */
  readonly options?: readonly string[];
}

export async function startNativeSql(
  context: Context,
  { side, wanted }: { readonly side: SideName; readonly wanted: WantedFlavour },
  { tls, options = [] }: NativeSqlOptions = {},
): Promise<SqlServer> {
  const binary = await findSqlBinary(context, wanted);
  const folder = join(context.guardian.folder, side);
  await mkdir(join(folder, 'data'), { recursive: true });
  await mkdir(join(folder, 'tmp'));
  await makeDataFolder(context, binary, folder);

  const address = sqlAddress('127.0.0.1', await freePort());
  const initFile = join(folder, 'init.sql');
  await writeFile(initFile, accountsSql(address), { mode: 0o600 });
  const running = await startNative(context.guardian, {
    name: `${side} (${binary.flavour})`,
    folder,
    file: binary.file,
    args: [
      ...commonArgs(folder),
      ...sqlOptions(binary.flavour, side),
      '--bind-address=127.0.0.1',
      `--port=${address.port}`,
      `--socket=${join(folder, 'sql.sock')}`,
      `--pid-file=${join(folder, 'sql.pid')}`,
      `--init-file=${initFile}`,
      '--secure-file-priv=',
      ...(tls ? [`--ssl-ca=${tls.ca}`, `--ssl-cert=${tls.cert}`, `--ssl-key=${tls.key}`] : []),
      ...options,
    ],
    logFile: join(folder, 'server.log'),
    answers: () => askSql(address),
  });
  return { ...address, ...(await askSql(address)), ...running, way: 'native' };
}

/** A root account with a password that is not kept. */
export function sqlAddress(host: string, port: number): SqlAddress {
  const password = randomBytes(12).toString('hex');
  return { host, port, user: 'root', password, url: `mysql://root:${password}@${host}:${port}` };
}

async function findSqlBinary(context: Context, wanted: WantedFlavour): Promise<Binary> {
  const present = await presentBinary(context.env, wanted);
  if (present !== undefined) return present;
  if (wanted === 'mysql') {
    throw new Error('no mysqld of MySQL found: name one by ROWPARITY_MYSQLD, or start a Docker engine');
  }
  await installPackages(context, MARIADB_PACKAGES);
  const installed = await presentBinary(context.env, 'mariadb');
  if (installed === undefined)
    throw new Error(`mariadbd is not there after installing ${MARIADB_PACKAGES.join(', ')}`);
  return installed;
}

async function presentBinary(env: NodeJS.ProcessEnv, wanted: WantedFlavour): Promise<Binary | undefined> {
  const named = env.ROWPARITY_MYSQLD;
  for (const file of [named, findBinary(env, 'mysqld'), findBinary(env, 'mariadbd')]) {
    if (!file) continue;
    const flavour = /mariadb/i.test(await versionOutput(file)) ? 'mariadb' : 'mysql';
    if (flavour === 'mariadb' && !findInstallDb(env, file)) continue;
    if (wanted === 'any' || wanted === flavour) return { file, flavour };
  }
  return undefined;
}

async function makeDataFolder(context: Context, { flavour, file }: Binary, folder: string): Promise<void> {
  const args = commonArgs(folder);
  const logFile = join(folder, 'init.log');
  await chmod(folder, 0o700);
  if (flavour === 'mysql') {
    await runToEnd(context.guardian, { file, args: [...args, '--initialize-insecure'], logFile });
    return;
  }
  const installDb = findInstallDb(context.env, file);
  if (installDb === undefined) throw new Error(`no mariadb-install-db beside ${file}`);
  const quick = ['--auth-root-authentication-method=normal', '--skip-test-db', '--skip-name-resolve'];
  await runToEnd(context.guardian, { file: installDb, args: [...args, ...quick], logFile });
}

/** mariadb-install-db works only with my_print_defaults, which Debian ships with the client. */
function findInstallDb(env: NodeJS.ProcessEnv, mariadbd: string): string | undefined {
  const near = dirname(mariadbd);
  const PATH = [env.PATH, near, join(near, '../bin'), join(near, '../scripts')].join(':');
  if (!findBinary({ PATH }, 'my_print_defaults')) return undefined;
  return findBinary({ PATH }, 'mariadb-install-db', 'mysql_install_db');
}

function commonArgs(folder: string): readonly string[] {
  // Servers refuse to run as root unless told to; we own the folder, so no other user is needed.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];
  // A starting MariaDB deletes every #sql* file in its tmpdir: sharing /tmp, two servers lose temporary tables.
  return ['--no-defaults', `--datadir=${join(folder, 'data')}`, `--tmpdir=${join(folder, 'tmp')}`, ...user];
}

/** Runs at every start, so it needs IF NOT EXISTS. One statement a line: older servers want it so. */
function accountsSql({ password }: SqlAddress): string {
  return [
    // MariaDB's installer makes these without a password, and the nearest host name wins over '%'.
    `DROP USER IF EXISTS 'root'@'127.0.0.1', 'root'@'::1', ''@'localhost';`,
    `CREATE USER IF NOT EXISTS 'root'@'%' IDENTIFIED BY '${password}';`,
    `GRANT ALL PRIVILEGES ON *.* TO 'root'@'%' WITH GRANT OPTION;`,
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${password}';`,
    '',
  ].join('\n');
}
