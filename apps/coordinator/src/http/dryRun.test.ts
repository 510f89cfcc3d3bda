import { runSpec } from '@rowparity/contracts';
import type { Catalog } from '@rowparity/core';
import { systemClock } from '@rowparity/runtime';
import { expect, it } from 'vitest';
import { DryRuns } from './dryRun.ts';

const SPEC = runSpec.parse({
  ...{ version: 1, runId: 'r-1', source: 'old', destination: 'new', direction: 'SRC' },
  tables: [{ name: 'orders' }],
});

/** Databases that answer nothing until the question is given up. */
function hanging(msMax?: number) {
  const untilAborted = (...args: readonly unknown[]) =>
    new Promise<never>((_resolve, reject) => {
      const signal = args.find((one) => one instanceof AbortSignal) as AbortSignal;
      if (signal.aborted) reject(signal.reason as Error);
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  const catalog = () => new Proxy({} as Catalog, { get: () => untilAborted });
  const ledger = { getRun: async () => undefined, getSpec: async () => undefined };
  return new DryRuns({ ledger, clock: systemClock, catalog }, msMax);
}

it('a dry run has an end, and gives its place back', async () => {
  const dryRuns = hanging(20);
  for (let i = 0; i < 3; i += 1) {
    expect(await dryRuns.plan(SPEC, new AbortController().signal)).toEqual({ kind: 'late', ms: 20 });
  }
});

it('a client that goes ends its dry run, and gives its place back', async () => {
  const dryRuns = hanging();
  for (let i = 0; i < 3; i += 1) {
    const gone = new AbortController();
    const planned = dryRuns.plan(SPEC, gone.signal);
    gone.abort(new Error('the client has gone'));
    await expect(planned).rejects.toThrow('the client has gone');
  }
});
