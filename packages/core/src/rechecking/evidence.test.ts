import { expect, it } from 'vitest';
import { addLook, evidenceAtSight, judge, type LookInput } from './evidence.ts';

const NEEDED = { looks: 5, fencedLooks: 0, stillMs: 1000 };
const seen = (digest: string) => ({ bytes: 1, digest });
const reading = (digest: string) => ({ key: ['1'], seen: seen(digest) });

/** Looks 300 ms apart at a row whose columns differ by these values; the base row is another one each time. */
function judgedAfter(looks: readonly Readonly<Record<string, string>>[]) {
  let evidence = evidenceAtSight({ base: seen('b0'), target: seen('t') }, 0);
  let look: LookInput | undefined;
  for (const [i, values] of looks.entries()) {
    look = {
      before: { base: seen(`b${i}`), target: seen('t') },
      now: {
        kind: 'different',
        now: { base: reading(`b${i + 1}`), target: reading('t') },
        columns: Object.entries(values).map(([name, digests]) => ({ name, values: digests })),
        isStill: { base: false, target: true },
      },
      isEarly: false,
      nowMs: 300 * (i + 1),
      ...{ upstream: undefined, isFenced: false, mark: undefined },
    };
    evidence = addLook(evidence, look);
  }
  return judge(evidence, look as LookInput, NEEDED);
}

const label = { label: 'a b' };

it('a column that differs by the same two values at every look counts, whatever the others do', () => {
  const looks = Array.from({ length: 5 }, (_, i) => ({ ...label, n: `${i} x` }));
  expect(judgedAfter(looks.slice(0, 4))).toEqual({ kind: 'more' });
  expect(judgedAfter(looks)).toEqual({ kind: 'enough', columns: ['label'] });
});

it('a column that was equal once, or had other values once, does not', () => {
  const steady = Array.from({ length: 6 }, () => label);
  for (const odd of [{}, { label: 'a c' }]) {
    for (const place of [0, 3, 5]) {
      expect(judgedAfter(steady.with(place, odd as typeof label))).toEqual({ kind: 'more' });
    }
  }
});
