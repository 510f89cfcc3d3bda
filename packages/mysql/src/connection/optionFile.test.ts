import { describe, expect, it } from 'vitest';
import { OPTION_LINES } from '../testing/optionLines.ts';
import { connectionIn } from './defaultsFile.ts';
import { readOptionFile } from './optionFile.ts';

function groupsOf(text: string) {
  const read = readOptionFile(text);
  if ('problem' in read) throw new Error(read.problem);
  return read.groups;
}

it.each(OPTION_LINES)('$line', ({ line, value }) => {
  expect(groupsOf(`[client]\n${line}\n`).get('client')?.get('password')).toBe(value);
});

it('comments, blank lines, line ends of Windows and other groups are no options', () => {
  const text = '\uFEFF# a\r\n; b\r\n\r\n[mysqld]\r\nuser=mysql\r\n  [client]  # own\r\n  user = reader\r\n';
  const groups = groupsOf(text);
  expect([...(groups.get('client') ?? [])]).toEqual([['user', 'reader']]);
});

it('underscores are hyphens, a later line wins, and a group may come twice', () => {
  const groups = groupsOf('[client]\nssl_mode=DISABLED\nloose-user=a\n[x]\n[client]\nssl-mode=REQUIRED\n');
  expect([...(groups.get('client') ?? [])]).toEqual([
    ['ssl-mode', 'REQUIRED'],
    ['user', 'a'],
  ]);
});

it.each([
  ['[client]\n!include /etc/secret', 'line 2', '!include'],
  ['!includedir /etc/secret', 'line 1', '!include'],
  ['password=secret', 'line 1', '[client]'],
  ['[client', 'line 1', '"]"'],
])('%j is refused with its line, and shows no value', (text, ...parts) => {
  const read = readOptionFile(text);
  if (!('problem' in read)) throw new Error('expected a problem');
  for (const part of parts) expect(read.problem).toContain(part);
  expect(read.problem).not.toContain('secret');
});

describe('of a connection', () => {
  const connectionOf = (text: string, group?: string) => connectionIn(groupsOf(text), group);

  it('every option is read', () => {
    const text =
      '[client]\nhost=db1\nport=3307\nuser=reader\npassword=p\ndatabase=shop\nssl-ca=/ca.pem\nssl-cert=/c.pem\nssl-key=/k.pem\nssl-mode=VERIFY_IDENTITY\ncompress\nget-server-public-key=ON\n';
    expect(connectionOf(text)).toEqual({
      ...{ host: 'db1', port: 3307, user: 'reader', password: 'p', database: 'shop', socket: undefined },
      ...{ tls: 'verify', tlsCaFile: '/ca.pem', tlsCertFile: '/c.pem', tlsKeyFile: '/k.pem' },
      ...{ compress: 'best', allowPublicKeyRetrieval: true },
    });
  });

  it.each([
    ['', '/s'],
    ['host=localhost', '/s'],
    ['host=db1', undefined],
    ['host=localhost\nprotocol=TCP', undefined],
  ])('a socket is for this machine alone: %j', (more, socket) => {
    expect(connectionOf(`[client]\nsocket=/s\n${more}`)).toMatchObject({ socket });
  });

  it.each([
    ['compress', 'best'],
    ['compress=0', 'off'],
    ['compress=zstd', 'zstd'],
    ['compress=AUTO', 'auto'],
    ['compression-algorithms=zlib', 'zlib'],
    ['compression_algorithms="zstd, zlib"', 'best'],
    ['compression-algorithms=zlib,uncompressed', 'auto'],
    ['compression-algorithms=uncompressed\ncompress', 'off'],
    ['compression-algorithms=lz4', undefined],
    ['user=u', undefined],
  ])('%s is compression %s', (lines, compress) => {
    expect(connectionOf(`[client]\n${lines}`)).toMatchObject({ compress });
  });

  it.each([
    ['ssl-mode=DISABLED', 'off'],
    ['ssl-mode=required', 'unverified'],
    ['ssl-mode=VERIFY_CA', 'verify'],
    ['ssl-ca=/ca.pem', 'verify'],
    ['ssl-verify-server-cert', 'verify'],
    ['ssl', 'unverified'],
    ['ssl=0', 'off'],
    ['skip-ssl', 'off'],
    ['user=u', undefined],
  ])('%s is tls=%s', (line, tls) => {
    expect(connectionOf(`[client]\n${line}`)).toMatchObject({ tls });
  });

  it.each(['ssl-mode=PREFERRED', 'ssl-mode=maybe', 'port=x', 'port=0'])('%s is refused', (line) => {
    expect(connectionOf(`[client]\n${line}`)).toHaveProperty('problem');
  });

  it('a group of its own stands on top of [client]; one that is not there is refused with those that are', () => {
    const text = '[client]\nuser=reader\nhost=a\n[old]\nhost=b\n';
    expect(connectionOf(text, 'old')).toMatchObject({ user: 'reader', host: 'b' });
    expect(connectionOf(text, 'new')).toEqual({ problem: 'expected a group [new], found [client], [old]' });
    expect(connectionOf('[old]\nhost=b')).toHaveProperty('problem');
    expect(connectionOf('[old]\nhost=b', 'old')).toMatchObject({ host: 'b' });
  });
});
