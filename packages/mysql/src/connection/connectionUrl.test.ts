import { expect, it } from 'vitest';
import { connectionUrl } from './connectionUrl.ts';

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
    compress: false,
    tls: 'verify',
    tlsCaFile: '/ca.pem',
    allowPublicKeyRetrieval: false,
    statementMs: 5000,
    limits: {},
  });
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
  ['mysql://u@h/d?statementMs=soon', 'statementMs to be a whole number'],
  ['mysql://u@h/d?statementMs=1', 'from 1000 to 3600000'],
  ['mysql://u@h/d?maxStreams=0', 'whole number from 1'],
  ['mysql://u@h/d?maxLoad=40', 'Threads_running=40'],
])('%s is refused with what was expected', (text, expected) => {
  const read = connectionUrl.safeParse(text);
  expect(read.error?.issues[0]?.message).toContain(expected);
});

it.each([
  'mysql://reader:secret-word@db1',
  'nonsense-secret-word',
  'mysql://reader:secret-word%@db1/shop',
  'mysql://reader:secret-word@db1/shop?tls=maybe',
  'http://reader:secret-word@db1/shop',
])('no message shows the password: %s', (text) => {
  const { error } = connectionUrl.safeParse(text);
  expect(error?.issues).not.toEqual([]);
  expect(error?.message).not.toContain('secret-word');
});
