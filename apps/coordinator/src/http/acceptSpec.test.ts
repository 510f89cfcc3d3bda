import type { RunSpecInput } from '@rowparity/contracts';
import type { Ledger } from '@rowparity/core';
import { expect, it } from 'vitest';
import { type AcceptDeps, acceptSpec } from './acceptSpec.ts';

const SPEC: RunSpecInput = {
  ...{ version: 1, runId: 'r-1', source: 'old', destination: 'new', direction: 'SRC' },
  tables: [{ name: 'orders' }],
};

function accepting(kind: 'created' | 'different' = 'created') {
  const warned: { readonly code?: string }[] = [];
  const added: string[] = [];
  const deps = {
    ledger: { createRun: async () => ({ kind }) } as unknown as Ledger,
    clock: { now: () => 1, steadyNow: () => 1, sleep: async () => {} },
    allowPredicates: false,
    known: { connections: ['OLD', 'NEW', 'ARCHIVE'], topics: ['dbMove', 'dbMove.audit'], webhooks: ['ops'] },
    webhooks: { toldRunAdd: async (runId: string) => void added.push(runId) },
    log: { warn: (fields: object) => void warned.push(fields) } as AcceptDeps['log'],
  };
  return {
    warned,
    added,
    accept: (spec: RunSpecInput) => acceptSpec(spec, deps, { kind: 'server', traceparent: undefined }),
  };
}

it('one connection on both sides is a problem of the destination, unless tables differ or the spec allows it', async () => {
  const { accept } = accepting();
  const same = { ...SPEC, destination: 'old' };
  expect(await accept(same)).toMatchObject({
    kind: 'invalid',
    problems: [{ path: 'destination', message: expect.stringContaining('the same connection, "old"') }],
  });
  expect(await accept({ ...same, allowSame: true })).toMatchObject({ kind: 'created' });
  const renamed = [{ name: 'orders', destination: 'orders_new' }];
  expect(await accept({ ...same, tables: renamed })).toMatchObject({ kind: 'created' });
});

it.each([
  [
    { destination: 'nwe' },
    'destination',
    /no connection "nwe" here \(the closest: new\).*ROWPARITY_CONNECTION_NWE/,
  ],
  [{ source: 'olt' }, 'source', /the closest: old/],
  [{ events: { topic: 'dbmove' } }, 'events.topic', /"dbmove".*dbMove, dbMove.audit.*ROWPARITY_EVENT_TOPICS/],
  [{ webhook: { endpoint: 'oops' } }, 'webhook.endpoint', /no webhook "oops" here.*ops.*ROWPARITY_WEBHOOKS/],
  [{ source: 'new', destination: 'NEW' }, 'destination', /the same connection/],
])('%j is refused before anything is planned, at %s', async (change, path, message) => {
  expect(await accepting().accept({ ...SPEC, ...change })).toEqual({
    kind: 'invalid',
    problems: [{ path, message: expect.stringMatching(message) }],
  });
});

it('connections are known in any case, and topics by their whole name', async () => {
  const spec = { ...SPEC, source: 'Old', events: { topic: 'dbMove.audit' } };
  expect(await accepting().accept(spec)).toMatchObject({ kind: 'created' });
});

it('a delay shorter than an earlier one is warned of in the log, once for each run', async () => {
  const shorter = { ...SPEC, recheck: { delaysMs: [3000, 500] } };
  const { warned, accept } = accepting();
  await accept(SPEC);
  expect(warned).toEqual([]);
  await accept(shorter);
  expect(warned).toEqual([{ runId: 'r-1', code: 'SHORTER_DELAY' }]);
  const refused = accepting('different');
  await refused.accept(shorter);
  expect(refused.warned).toEqual([]);
});

it('a run with a webhook is put on the list of those to be told of, before it is created, and no other', async () => {
  const { added, accept } = accepting();
  await accept(SPEC);
  expect(added).toEqual([]);
  await accept({ ...SPEC, webhook: { endpoint: 'OPS' } });
  expect(added).toEqual(['r-1']);
});
