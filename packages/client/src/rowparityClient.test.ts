import { COORDINATOR_ROUTES } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { RowparityClient, RowparityError } from './index.ts';
import { RUN, reportIn, SPEC } from './testing/documents.ts';
import {
  type Answering,
  cut,
  cutMidway,
  hostileServer,
  json,
  page,
  silent,
} from './testing/hostileServer.ts';

/** An attempt that hangs is given up soon. */
const HASTY = { attemptMs: 300 };
/** Nothing is tried twice within it. */
const ONCE = { deadlineMs: 50 };

const clientOf = ({ url }: { readonly url: string }, token?: string, more: object = {}) =>
  new RowparityClient({ coordinator: url, reporter: url, token, deadlineMs: 60_000, ...more });

const errorOf = (call: Promise<unknown>): Promise<RowparityError> =>
  call.then(
    () => Promise.reject(new Error('expected an error')),
    (error: RowparityError) => error,
  );

it.each<[string, Answering]>([
  ['a fault of the service', json(503, { error: 'unavailable', message: 'see its log' })],
  ['a page of a proxy', page(502)],
  ['a fault that Rowparity does not have', page(500)],
  ['too many requests', json(429, { error: 'too_many_requests', message: 'later' }, { 'retry-after': '1' })],
  ['a cut connection', cut],
  ['an answer that breaks off', cutMidway],
])('after %s the spec is sent again, and the run is one', async (_what, fault) => {
  await using server = await hostileServer(fault, fault, json(202, RUN));
  expect(await clientOf(server).submit(SPEC)).toEqual(RUN);
  expect(server.asked).toEqual(Array(3).fill('POST /v1/runs'));
});

it('after no answer the spec is sent again, and every fault is told', async () => {
  await using server = await hostileServer(silent, json(202, RUN));
  const told: unknown[] = [];
  const onTransient = (error: RowparityError) => void told.push(error.code);
  expect(await clientOf(server, undefined, { ...HASTY, onTransient }).submit(SPEC)).toEqual(RUN);
  expect(server.asked.length).toBeGreaterThan(1);
  expect(told).toHaveLength(server.asked.length - 1);
  expect(new Set(told)).toEqual(new Set(['unreachable']));
});

it.each<[string, Answering, object]>([
  [
    'a bad spec',
    json(400, { error: 'invalid_spec', message: 'no', problems: [{ path: 'tables', message: 'none' }] }),
    { code: 'invalid_spec', status: 400, problems: [{ path: 'tables', message: 'none' }] },
  ],
  [
    'a taken id',
    json(409, { error: 'run_exists', message: 'no' }),
    { code: 'run_exists', status: 409, problems: [] },
  ],
  [
    'a wrong token',
    json(401, { error: 'token_needed', message: 'no' }),
    { code: 'token_needed', status: 401 },
  ],
  ['a page of a proxy', page(404), { code: 'unexpected_answer', status: 404 }],
  ['a page in place of a run', page(200), { code: 'unexpected_answer', status: 200 }],
  ['a run of another version', json(202, { ...RUN, state: 'resting' }), { code: 'unexpected_answer' }],
  [
    'a refusal of another version',
    json(418, { error: 'teapot', message: 'no' }),
    { code: 'unexpected_answer' },
  ],
])('%s is an error with its code, and is not sent again', async (_what, answer, error) => {
  await using server = await hostileServer(answer);
  expect(await errorOf(clientOf(server).submit(SPEC))).toMatchObject(error);
  expect(server.asked).toHaveLength(1);
});

const UNAVAILABLE = { error: 'unavailable', message: 'see its log' };
/** Longer than any deadline here. */
const LATER = { 'retry-after': '1000' };

it.each<[string, Answering, object, object?]>([
  ['faults of a proxy', json(500, {}, LATER), { code: 'unreachable', status: 500 }],
  ['faults of the service', json(503, UNAVAILABLE, LATER), { code: 'unavailable', status: 503 }],
  ['silence', silent, { code: 'unreachable' }, ONCE],
  ['cut connections', cut, { code: 'unreachable' }, ONCE],
])('%s until the deadline end in an error, and no verdict', async (_what, answer, error, limits = {}) => {
  await using server = await hostileServer(answer);
  const found = await errorOf(clientOf(server).report('r-1', limits));
  expect(found).toBeInstanceOf(RowparityError);
  expect(found).toMatchObject(error);
});

it('a service that is not there is told with its address, and never with the token', async () => {
  const gone = await hostileServer(silent);
  await gone[Symbol.asyncDispose]();
  const { url } = gone;
  const found = await errorOf(clientOf({ url }, 'secret-token-of-16').get('r-1', ONCE));
  expect(found).toMatchObject({ code: 'unreachable', message: expect.stringContaining(url) });
  expect(found.message).toContain('ECONNREFUSED');
  expect(JSON.stringify(found) + found.stack + found.message).not.toContain('secret-token');
});

it('the signal ends a call that hangs, and one that rests before the next attempt', async () => {
  for (const answer of [silent, page(503)]) {
    const stop = new AbortController();
    await using server = await hostileServer((response, request) => {
      stop.abort(new Error('enough'));
      answer(response, request);
    });
    const call = clientOf(server).get('r-1', { signal: stop.signal });
    await expect(call).rejects.toThrow('enough');
    expect(server.asked).toHaveLength(1);
  }
});

it('the token goes to the address that it was given with, and follows no redirect', async () => {
  await using other = await hostileServer(json(200, RUN));
  await using server = await hostileServer((response) => {
    response.writeHead(302, { location: `${other.url}/v1/runs/r-1` }).end();
  });
  const found = await errorOf(clientOf(server, 'secret-token-of-16').get('r-1'));
  expect(found).toMatchObject({ code: 'unexpected_answer', status: 302 });
  expect([server.authorizations, other.asked]).toEqual([['Bearer secret-token-of-16'], []]);
});

it('a deletion whose answer got lost is done; a run that was never there is unknown', async () => {
  const unknown = json(404, { error: 'run_unknown', message: 'none' });
  await using lost = await hostileServer(cut, unknown);
  await clientOf(lost).delete('r-1');
  expect(lost.asked).toHaveLength(2);
  await using never = await hostileServer(unknown);
  expect(await errorOf(clientOf(never).delete('r-1'))).toMatchObject({ code: 'run_unknown', status: 404 });
});

it('a stop is no deletion: a watch that is not there is unknown, also after an answer got lost', async () => {
  const unknown = json(404, { error: 'watch_unknown', message: 'none' });
  await using lost = await hostileServer(cut, unknown);
  expect(await errorOf(clientOf(lost).stopWatch('w'))).toMatchObject({ code: 'watch_unknown', status: 404 });
  expect(lost.asked).toHaveLength(2);
});

it('an answer without end is given up', async () => {
  const endless: Answering = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = () => {
      while (response.writable && response.write(Buffer.alloc(1024 * 1024, ' ')));
    };
    response.on('drain', more);
    more();
  };
  await using server = await hostileServer(endless);
  const client = new RowparityClient({ coordinator: server.url });
  expect(await errorOf(client.list())).toMatchObject({ code: 'unexpected_answer' });
  expect(server.asked).toHaveLength(1);
});

it('an id is one part of the path, whatever is in it', async () => {
  await using server = await hostileServer(json(400, { error: 'bad_parameter', message: 'no' }));
  expect(await errorOf(clientOf(server).get('../x?y#z'))).toMatchObject({ code: 'bad_parameter' });
  expect(server.asked).toEqual(['GET /v1/runs/..%2Fx%3Fy%23z']);
});

it.each([
  { coordinator: 'localhost' },
  { coordinator: 'ftp://a' },
  { coordinator: '' },
  { reporter: 'http://a' },
])('an address that is none is refused before anything is sent: %j', async (options) => {
  const client = new RowparityClient(options);
  expect(await errorOf(client.askCoordinator(COORDINATOR_ROUTES.listRuns, {}))).toMatchObject({
    code: 'bad_address',
  });
});

it('a wait sits out a reporter that restarts, and ends with the settled report', async () => {
  const seen: string[] = [];
  const running = json(200, reportIn('running'));
  await using server = await hostileServer(
    running,
    cut,
    page(502),
    running,
    json(200, reportIn('settled', 'consistent')),
  );
  const wait = { pollMs: 1, onReport: ({ state }: { state: string }) => void seen.push(state) };
  const report = await clientOf(server).waitUntilSettled('r-1', wait);
  expect(report.verdict).toBe('consistent');
  expect(seen).toEqual(['running', 'running', 'settled']);
  expect(server.asked).toHaveLength(5);
});

it('a wait has an end: its time, or its signal', async () => {
  await using server = await hostileServer(json(200, reportIn('running')));
  const client = clientOf(server);
  expect(await errorOf(client.waitUntilSettled('r-1', { waitMs: 1, pollMs: 2 }))).toMatchObject({
    code: 'wait_too_long',
  });
  const stop = new AbortController();
  const wait = { signal: stop.signal, pollMs: 60_000, onReport: () => stop.abort(new Error('enough')) };
  await expect(client.waitUntilSettled('r-1', wait)).rejects.toThrow('enough');
});

it('a certificate comes in parts, and one that breaks off is no whole one', async () => {
  const part =
    (text: string): Answering =>
    (response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson', 'content-length': '8' });
      response.write(text, () => (text.length < 8 ? response.destroy() : response.end()));
    };
  await using whole = await hostileServer(page(503), part('{}\n{}\n{}'));
  expect(await textOf(await clientOf(whole).certificate('r-1'))).toBe('{}\n{}\n{}');
  await using broken = await hostileServer(part('{}\n'));
  expect(await errorOf(clientOf(broken).certificate('r-1').then(textOf))).toMatchObject({
    code: 'stream_broken',
  });
  await using early = await hostileServer(json(409, { error: 'run_not_settled', message: 'wait' }));
  expect(await errorOf(clientOf(early).certificate('r-1'))).toMatchObject({ code: 'run_not_settled' });
});

async function textOf(parts: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const one of parts) all.push(one);
  return Buffer.concat(all).toString('utf8');
}
