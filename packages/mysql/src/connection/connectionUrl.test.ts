import { expect, it } from 'vitest';
import { connectionUrl, connectionUrlOf } from './connectionUrl.ts';

it('a URL is read with its percent-encoded parts', () => {
  expect(
    connectionUrl.parse(
      'mysql://us%40er:p%3Aw%2F@db.example:3307/my%20shop?tls=verify&tlsCa=/ca.pem&statementMs=5000',
    ),
  ).toEqual({
    host: 'db.example',
    port: 3307,
    user: 'us@er',
    password: 'p:w/',
    database: 'my shop',
    compress: 'auto',
    tls: 'verify',
    tlsCaFile: '/ca.pem',
    allowPublicKeyRetrieval: false,
    statementMs: 5000,
    limits: {},
  });
});

it.each([
  ['', 'auto'],
  ['?compress=auto', 'auto'],
  ['?compress=true', 'best'],
  ['?compress=false', 'off'],
  ['?compress=zstd', 'zstd'],
  ['?compress=zlib', 'zlib'],
])('"%s" is compression %s', (query, compress) => {
  expect(connectionUrl.parse(`mysql://u@h/d${query}`)).toMatchObject({ compress });
});

it('limits of the server are read, and only those that are there', () => {
  const query = encodeURIComponent('SELECT COUNT(*) > 0 FROM shop.freeze');
  const url = `mysql://u@h/d?maxStreams=4&maxLoad=Threads_running=40,Threads_connected=500&readWindows=22:00-06:00&throttleQuery=${query}`;
  expect(connectionUrl.parse(url).limits).toEqual({
    maxStreams: 4,
    maxLoad: [
      { variable: 'Threads_running', max: 40 },
      { variable: 'Threads_connected', max: 500 },
    ],
    readWindows: [{ fromMinute: 1320, toMinute: 360 }],
    throttleQuery: 'SELECT COUNT(*) > 0 FROM shop.freeze',
  });
});

it.each([
  ['', 'expected mysql://'],
  ['postgres://u@h/d', 'begins with mysql://'],
  ['mysql://u@h', 'expected a database'],
  ['mysql://h/d', 'expected a user'],
  ['mysql://u:100%@h/d', 'percent-encoded'],
  ['mysql://u@h/d?tls=maybe', 'tls=verify'],
  [
    'mysql://u@h/d?ssl=true',
    'tls, tlsCa, tlsCert, tlsKey, allowPublicKeyRetrieval, compress, statementMs, and the limits of the server: maxStreams, ',
  ],
  ['mysql://u@h/d?allowPublicKeyRetrieval=yes', 'allowPublicKeyRetrieval=true'],
  ['mysql://u@h/d?compress=lz4', 'expected compress=auto'],
  ['mysql://u@h/d?statementMs=soon', 'statementMs to be a whole number'],
  ['mysql://u@h/d?statementMs=1', 'from 1000 to 3600000'],
  ['mysql://u@h/d?maxStreams=0', 'whole number from 1'],
  ['mysql://u@h/d?maxLoad=40', 'Threads_running=40'],
  ['mysql://u@%2Ftmp%2Fa.sock/d', '?socket=/run/mysqld/mysqld.sock'],
  ['mysql://u@h/d?socket=/tmp/a.sock', 'expected localhost'],
  ['mysql://u@localhost/d?socket=a.sock', 'begins with "/"'],
  ['mysql://u@h/d/e', 'one database'],
])('%s is refused with what was expected', (text, expected) => {
  const read = connectionUrl.safeParse(text);
  expect(read.error?.issues[0]?.message).toContain(expected);
});

it.each([
  ['mysql://u:se/cret@h/d', ['"/" as %2F']],
  ['mysql://u:se?cret@h/d', ['"?" as %3F']],
  ['mysql://u:se#cret@h/d', ['"#" as %23']],
  ['mysql://u:12/cret@h/d', ['"/" as %2F']],
  ['mysql://u:se@cr/et@h/d', ['"/" as %2F', '"@" as %40']],
  ['mysql://u:se@cr?et@h/d', ['"?" as %3F', '"@" as %40']],
  ['mysql://u:se@cr#et@h/d', ['"#" as %23', '"@" as %40']],
  ['mysql://u:se@cret?tls=off#et@h/d', ['"?" as %3F', '"#" as %23']],
  ['mysql://u:100%/cret@h/d', ['"/" as %2F', '"%" as %25']],
])('of %s the message names how the special character is written, and no more of it', (text, ways) => {
  const message = connectionUrl.safeParse(text).error?.issues[0]?.message ?? '';
  for (const way of ways) expect(message).toContain(way);
  expect(message).not.toMatch(/cret|se[@/?#]|100/);
});

it('where no such character is to blame, none is named', () => {
  for (const text of ['mysql://u:p@h', 'mysql://h/d', 'mysql://u:p@h/d?tls=maybe', '']) {
    expect(connectionUrl.safeParse(text).error?.issues[0]?.message).not.toContain('%');
  }
});

it('a unix socket is named behind the "?"', () => {
  expect(connectionUrl.parse('mysql://u:p@localhost/shop?socket=/run/mysqld/mysqld.sock')).toMatchObject({
    host: 'localhost',
    socket: '/run/mysqld/mysqld.sock',
    database: 'shop',
  });
});

it.each([
  'mysql://reader:secret-word@db1',
  'nonsense-secret-word',
  'mysql://reader:secret-word%@db1/shop',
  'mysql://reader:secret-word@db1/shop?tls=maybe',
  'http://reader:secret-word@db1/shop',
  'mysql://reader:a@b/secret-word@db1/shop',
  'mysql://reader:a@b?secret-word@db1/shop',
  'mysql://reader:a@b#secret-word@db1/shop',
  'mysql://reader:7/secret-word@db1/shop',
])('no message shows the password: %s', (text) => {
  const { error } = connectionUrl.safeParse(text);
  expect(error?.issues).not.toEqual([]);
  expect(error?.message).not.toContain('secret-word');
});

it.each([
  'mysql://us%40er:PASSWORD@db.example:3307/my%20shop%2F2?tls=verify&tlsCa=/ca%20s.pem&statementMs=5000',
  'mysql://u:PASSWORD@[::1]:3306/d?allowPublicKeyRetrieval=true&compress=true',
  'mysql://u@h:3306/d?compress=false',
  'mysql://u@h:3306/d?compress=zstd',
  'mysql://u@h:3306/d?compress=zlib',
  'mysql://u@localhost/d?socket=/run/mysqld/mysqld.sock',
])('a target is written as the URL that it was read from, without its password: %s', (url) => {
  const target = connectionUrl.parse(url);
  const told = connectionUrlOf({ ...target, password: target.password && 'secret' });
  expect(told).toBe(url);
  expect(connectionUrl.parse(told)).toEqual(target);
});
