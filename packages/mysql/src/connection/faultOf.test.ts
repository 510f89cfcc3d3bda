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
