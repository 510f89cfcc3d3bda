/** A connection as the programs of MySQL find it in their option files: the group [client], and one more on top. */
import { readFile, stat } from 'node:fs/promises';
import { compressModeOf, compressModeOfList } from './compressWords.ts';
import type { CompressMode, PartialTarget, Read, TlsMode } from './connectionTarget.ts';
import { type OptionGroups, readOptionFile } from './optionFile.ts';

const GROUP_OF_ALL = 'client';
/** Others than the owner may read. */
const READABLE_BY_OTHERS = 0o044;

export interface DefaultsFile {
  readonly parts: PartialTarget;
  /** What its owner should know; undefined when there is nothing. */
  readonly warning: string | undefined;
}

export async function readDefaultsFile(file: string, group?: string): Promise<Read<DefaultsFile>> {
  let text: string;
  let mode: number;
  try {
    [text, { mode }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
  } catch (error) {
    return { problem: `the file cannot be read (${(error as NodeJS.ErrnoException).code})` };
  }
  const read = readOptionFile(text);
  if ('problem' in read) return read;
  const parts = connectionIn(read.groups, group);
  if ('problem' in parts) return parts;
  const isOpen = parts.password !== undefined && (mode & READABLE_BY_OTHERS) !== 0;
  const warning = isOpen
    ? `other users of this machine can read the password in it (mode ${(mode & 0o777).toString(8)}): chmod 600 ${file}`
    : undefined;
  return { parts, warning };
}

export function connectionIn(groups: OptionGroups, group?: string): Read<PartialTarget> {
  if (group !== undefined && !groups.has(group)) return noGroup(groups, group);
  if (group === undefined && !groups.has(GROUP_OF_ALL)) return noGroup(groups, GROUP_OF_ALL);
  const options = new Map([
    ...(groups.get(GROUP_OF_ALL) ?? []),
    ...(group === undefined ? [] : (groups.get(group) ?? [])),
  ]);
  const port = options.get('port');
  if (port !== undefined && !isPort(port)) return { problem: 'port: expected a number from 1 to 65535' };
  const tls = tlsOf(options);
  if (tls !== undefined && typeof tls !== 'string') return tls;
  return {
    ...placeIn(options),
    user: options.get('user'),
    password: options.get('password'),
    database: options.get('database'),
    tls,
    tlsCaFile: options.get('ssl-ca'),
    tlsCertFile: options.get('ssl-cert'),
    tlsKeyFile: options.get('ssl-key'),
    compress: compressIn(options),
    allowPublicKeyRetrieval: flag(options, 'get-server-public-key'),
  };
}

type Options = ReadonlyMap<string, string | undefined>;

function noGroup(groups: OptionGroups, group: string): { readonly problem: string } {
  const found = [...groups.keys()].map((name) => `[${name}]`).join(', ') || 'none';
  return { problem: `expected a group [${group}], found ${found}` };
}

/** As the mysql client: a socket is for no host or for localhost, unless the protocol is TCP. */
function placeIn(options: Options): Pick<PartialTarget, 'host' | 'port' | 'socket'> {
  const host = options.get('host');
  const port = options.get('port');
  const isHere = host === undefined || host.toLowerCase() === 'localhost';
  const isTcp = options.get('protocol')?.toLowerCase() === 'tcp';
  return {
    host,
    port: port === undefined ? undefined : Number(port),
    socket: isHere && !isTcp ? options.get('socket') : undefined,
  };
}

const TLS_BY_MODE: Readonly<Record<string, TlsMode>> = {
  DISABLED: 'off',
  REQUIRED: 'unverified',
  // Trusted is not enough to be the right one: the name is checked as well.
  VERIFY_CA: 'verify',
  VERIFY_IDENTITY: 'verify',
};

/** MySQL's ssl-mode; MariaDB's ssl and ssl-verify-server-cert. An authority alone asks to be checked against. */
function tlsOf(options: Options): TlsMode | undefined | { readonly problem: string } {
  const mode = options.get('ssl-mode');
  if (mode !== undefined) {
    const tls = TLS_BY_MODE[mode.toUpperCase()];
    if (tls) return tls;
    return {
      problem: `ssl-mode: expected ${Object.keys(TLS_BY_MODE).join(', ')}; PREFERRED may end without TLS and is not offered`,
    };
  }
  if (flag(options, 'skip-ssl') || flag(options, 'ssl') === false) return 'off';
  if (flag(options, 'ssl-verify-server-cert') || options.get('ssl-ca') !== undefined) return 'verify';
  return flag(options, 'ssl') ? 'unverified' : undefined;
}

/** MySQL's newer option comes first; `compress` is a flag of both, and may have a word of a connection URL here. */
function compressIn(options: Options): CompressMode | undefined {
  const listed = compressModeOfList(options.get('compression-algorithms') ?? '');
  if (listed) return listed;
  const word = options.get('compress')?.toLowerCase();
  if (word === 'auto' || word === 'zstd' || word === 'zlib') return compressModeOf(word);
  const isOn = flag(options, 'compress');
  return isOn === undefined ? undefined : compressModeOf(isOn ? 'true' : 'false');
}

/** An option that is named without a value is on. */
function flag(options: Options, name: string): boolean | undefined {
  if (!options.has(name)) return undefined;
  return !/^(0|off|false)$/i.test(options.get(name) ?? '');
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535;
}
