import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { faultOf } from './faultOf.ts';

const PLACE = 'base (db1:3306/shop)';

it.each(['ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EADDRNOTAVAIL', 'EMFILE', 'ENOBUFS'])(
  '%s passes: the shard is tried again',
  (code) => {
    const error = Object.assign(new Error(`connect ${code} 10.0.0.1:3306`), { code, errno: -1 });
    expect(faultOf(error, PLACE)).toMatchObject({
      class: 'transient',
      message: expect.stringContaining(PLACE),
    });
  },
);

it('writing to a socket that was closed under it passes', async () => {
  const stream = new PassThrough();
  stream.destroy();
  stream.on('error', () => undefined);
  const error = await new Promise((resolve) => stream.write('x', resolve));
  expect(faultOf(error, PLACE)).toMatchObject({ class: 'transient', code: 'CONNECTION_LOST' });
});

it.each([
  [1047, 'SERVER_UNREACHABLE'],
  [1135, 'TOO_MANY_CONNECTIONS'],
  [3032, 'SERVER_UNREACHABLE'],
  [3169, 'CONNECTION_LOST'],
])('server error %i passes, as %s', (errno, code) => {
  expect(faultOf({ errno, code: 'ER_SOMETHING' }, PLACE)).toMatchObject({ class: 'transient', code });
});

it('what is in no table is permanent, and its words are not repeated: they may quote a row', () => {
  const error = Object.assign(new Error("Duplicate entry 'secret'"), { errno: 1062, code: 'ER_DUP_ENTRY' });
  const fault = faultOf(error, PLACE);
  expect(fault).toMatchObject({ class: 'permanent', code: 'STATEMENT_FAILED' });
  expect(fault.message).not.toContain('secret');
  expect(fault.message).toContain('ER_DUP_ENTRY');
});

const exceeded = (resource: string) =>
  Object.assign(new Error(`User 'few' has exceeded the '${resource}' resource (current value: 3)`), {
    errno: 1226,
    code: 'ER_USER_LIMIT_REACHED',
  });

it('a limit of the user is told by its name and value', () => {
  expect(faultOf(exceeded('max_user_connections'), PLACE)).toMatchObject({
    class: 'transient',
    code: 'TOO_MANY_CONNECTIONS',
    message: expect.stringContaining('max_user_connections is 3'),
  });
});

it.each([
  ['max_questions', 'MAX_QUERIES_PER_HOUR'],
  ['max_queries_per_hour', 'MAX_QUERIES_PER_HOUR'],
  ['max_updates', 'MAX_UPDATES_PER_HOUR'],
  ['max_connections_per_hour', 'MAX_CONNECTIONS_PER_HOUR'],
])('the limit %s of an hour is not waited for: the fault names %s and its value', (resource, option) => {
  const fault = faultOf(exceeded(resource), PLACE);
  expect(fault).toMatchObject({ class: 'permanent', code: 'USER_LIMIT_REACHED' });
  expect(fault.message).toContain(`${option} of 3`);
  expect(fault.message).not.toContain('few');
});

it.each([
  [1461, 'transient', 'TOO_MANY_STATEMENTS', 'max_prepared_stmt_count'],
  [1862, 'configuration', 'ACCESS_DENIED', 'expired'],
  [1820, 'configuration', 'ACCESS_DENIED', 'expired'],
  [1104, 'permanent', 'STATEMENT_FAILED', 'max_join_size'],
])('server error %i is %s %s and names %s', (errno, kind, code, named) => {
  const fault = faultOf({ errno, code: 'ER_SOMETHING' }, PLACE);
  expect(fault).toMatchObject({ class: kind, code, message: expect.stringContaining(named) });
});
