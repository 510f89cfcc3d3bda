import { zeroCounts } from '@rowparity/contracts';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CandidateQueue, KEYS_A_READ, type WaitingCandidate } from './candidateQueue.ts';
import { evidenceAtSight } from './evidence.ts';
import { PendingPage } from './pendingPages.ts';

const NOW = { nowMs: 0, delayMs: 0 };

const page = () =>
  new PendingPage({ range: { after: null, upTo: null }, rows: 10, counts: zeroCounts(), candidates: 1 });

function waiting(key: string, changes: Partial<WaitingCandidate> = {}): WaitingCandidate {
  const seen = { base: null, target: null };
  return { candidate: { key: [key], seen }, page: page(), evidence: evidenceAtSight(seen, 0), ...changes };
}

it('each candidate that is held comes once, never before its time, and the earliest ones first', () => {
  const held = fc.record({ round: fc.nat(2), pauseMs: fc.nat(50), isDense: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(held, { maxLength: 40 }),
      fc.array(fc.nat(500), { minLength: 3, maxLength: 3 }),
      (all, delaysMs) => {
        const queue = new CandidateQueue();
        const dueAtMs = new Map<string, number>();
        const dense = new Set<PendingPage>();
        let nowMs = 0;
        for (const [i, { round, pauseMs, isDense }] of all.entries()) {
          nowMs += pauseMs;
          const one = waiting(`k${i}`);
          const delayMs = delaysMs[round] as number;
          if (isDense) dense.add(one.page);
          dueAtMs.set(`k${i}`, nowMs + delayMs);
          queue.hold(one, { nowMs, delayMs });
        }
        const come: string[] = [];
        while (queue.size > 0) {
          nowMs = Math.max(nowMs, queue.nextDueAtMs);
          const earliestMs = Math.min(...dueAtMs.values());
          expect(queue.nextDueAtMs).toBe(earliestMs);
          const slice = queue.nextSlice(nowMs, (one) => dense.has(one));
          expect(slice.length).toBeGreaterThan(0);
          for (const { candidate } of slice) {
            const [key = ''] = candidate.key;
            expect(dueAtMs.get(key)).toBeLessThanOrEqual(nowMs);
            dueAtMs.delete(key);
            come.push(key);
          }
          queue.letGo(slice);
        }
        expect(come.sort()).toEqual(all.map((_, i) => `k${i}`).sort());
        expect(queue.nextDueAtMs).toBe(Number.POSITIVE_INFINITY);
      },
    ),
  );
});

it('of a dense page all that is due comes at once; of sparse ones no more than one statement asks for', () => {
  const shared = page();
  const sizes = [true, false].map((isDense) => {
    const queue = new CandidateQueue();
    for (let i = 0; i < 3 * KEYS_A_READ; i += 1) queue.hold(waiting(`k${i}`, { page: shared }), NOW);
    return queue.nextSlice(0, () => isDense).length;
  });
  expect(sizes).toEqual([3 * KEYS_A_READ, KEYS_A_READ]);
});

it('it is full by the number of candidates and by the length of their keys, and has room again when they leave', () => {
  const long = new CandidateQueue();
  for (const name of ['a', 'b']) long.hold(waiting(name.repeat(2 * 1024 * 1024)), NOW);
  expect(long.isFull).toBe(true);
  long.letGo(long.nextSlice(0, () => false));
  expect(long.isFull).toBe(false);
  const many = new CandidateQueue();
  for (let i = 0; i < 8001; i += 1) many.hold(waiting('k'), NOW);
  expect(many.isFull).toBe(true);
});

it('a slice that is not the next one cannot be let go', () => {
  const queue = new CandidateQueue();
  queue.hold(waiting('a'), NOW);
  expect(() => queue.letGo([waiting('a')])).toThrow('can be let go');
  expect(queue.size).toBe(1);
});
