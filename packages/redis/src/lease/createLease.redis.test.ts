import { systemClock } from '@rowparity/runtime';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeRedis, connectRedis } from '../connection/connectRedis.ts';
import { type TestRedis, testRedis } from '../testing/testRedis.ts';
import { createLease, type Lease, type LeaseTerm } from './createLease.ts';

const LEASE_MS = 400;
/** A machine that does nothing for most of this time must not cost its holder the lease. */
const HELD_LEASE_MS = 2000;
/** Longer than a test waits for it to run out. */
const LONG_LEASE_MS = 60_000;
const WAIT = { timeout: 20_000, interval: 5 };

let test: TestRedis;
let leases: Lease[];
let errors: unknown[];

beforeEach(() => {
  test = testRedis('ledger');
  leases = [];
  errors = [];
});

afterEach(async () => {
  await Promise.all(leases.map((lease) => lease.release()));
  await test.cleanUp();
});

function compete(redis = test.redis, onTerm?: (term: LeaseTerm) => void, leaseMs: number = LEASE_MS): Lease {
  const onError = (error: unknown) => void errors.push(error);
  const options = { redis, prefix: test.prefix, name: 'coordinator', leaseMs, clock: systemClock, onError };
  const lease = createLease({ ...options, ...(onTerm ? { onTerm } : {}) });
  leases.push(lease);
  lease.start();
  return lease;
}

async function untilHeld(lease: Lease): Promise<LeaseTerm> {
  return vi.waitFor(() => {
    expect(lease.term).toBeDefined();
    return lease.term as LeaseTerm;
  }, WAIT);
}

const forMs = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

it('of several one holds the lease, for as long as it asks', async () => {
  const held = () => compete(test.redis, undefined, HELD_LEASE_MS);
  const [first, ...others] = [held(), held(), held()];
  const term = await untilHeld(first as Lease);
  for (let look = 0; look < 20; look++) {
    await forMs(HELD_LEASE_MS / 8);
    expect(first?.term).toBe(term);
    expect(others.map((lease) => lease.term)).toEqual([undefined, undefined]);
  }
  expect(term.signal.aborted).toBe(false);
});

it('a lease that is given up goes to the next one before its time, under a higher number', async () => {
  const long = () => compete(test.redis, undefined, LONG_LEASE_MS);
  const first = long();
  const term = await untilHeld(first);
  const second = long();
  await first.release();
  expect(term.signal.aborted).toBe(true);
  expect(first.term).toBeUndefined();
  expect((await untilHeld(second)).number).toBeGreaterThan(term.number);
});

it('a holder that is cut off stops believing before the next one begins', async () => {
  const own = connectRedis({ url: test.url, use: 'ledger', onError: () => {} });
  const first = compete(own);
  const term = await untilHeld(first);
  const beginnings: boolean[] = [];
  const second = compete(test.redis, () => beginnings.push(first.term === undefined));
  own.disconnect();
  expect((await untilHeld(second)).number).toBe(term.number + 1);
  expect(beginnings).toEqual([true]);
  await vi.waitFor(() => expect(term.signal.aborted).toBe(true), WAIT);
  await closeRedis(own);
});

it('a lease that another holder has by now is not renewed', async () => {
  const lease = compete();
  const term = await untilHeld(lease);
  await test.redis.set(`${test.prefix}:lease:coordinator`, 'another-holder', 'PX', 60_000);
  await vi.waitFor(() => expect(term.signal.aborted).toBe(true), WAIT);
  expect(lease.term).toBeUndefined();
  await lease.release();
  expect(await test.redis.get(`${test.prefix}:lease:coordinator`)).toBe('another-holder');
});

it('a process that was asleep through its term finds it over before it does anything else', async () => {
  const lease = compete();
  const term = await untilHeld(lease);
  // No timer and no answer comes in between: as in a process that was stopped.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, LEASE_MS * 1.5);
  expect(lease.term).toBeUndefined();
  expect(term.signal.aborted).toBe(true);
});
