import type { PlacedFailure } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { causesOf } from './causes.ts';
import { countsOf, reportOf, tableOf } from './testing/report.ts';

const failure = (code: PlacedFailure['code'], table?: string, shard?: number): PlacedFailure => ({
  ...{ code, message: `what to do about ${code}` },
  ...(table === undefined ? {} : { table }),
  ...(shard === undefined ? {} : { shard }),
});

it('a run that matches has no cause', () => {
  expect(causesOf(reportOf())).toEqual([]);
});

it('differences come first, with the table that has most of them first', () => {
  const tables = [
    tableOf('a', { counts: countsOf({ neq: 3 }) }),
    tableOf('b', { counts: countsOf({ neq: 4 }) }),
  ];
  const failures = [failure('ACCESS_DENIED')];
  const [first, second] = causesOf(
    reportOf({ counts: countsOf({ neq: 7 }), tables, failures, failuresTotal: 1 }),
  );
  expect(first).toMatchObject({ mood: 'bad', title: '7 rows differ', places: 'b 4, a 3' });
  expect(second).toMatchObject({ code: 'ACCESS_DENIED', places: 'the whole run' });
});

it('in which ways rows differ is told, the largest groups first, and no more than a person reads', () => {
  const group = {
    type: 'neq',
    cause: { code: 'letterCase' },
    low: '7',
    high: '9',
    example: { id: '7' },
  } as const;
  const causes = Array.from({ length: 20 }, (_, i) => ({ ...group, table: 'a', column: `c${i}`, rows: 3 }));
  const [cause] = causesOf(reportOf({ counts: countsOf({ neq: 3 }), causes }));
  expect(cause?.ways).toHaveLength(8);
  expect(cause?.ways[0]).toBe('a.c0: 3 rows differ: upper and lower case (all of id 7 to 9)');
});

it('failures of one code are one cause, with tables, shards and the advice of the first', () => {
  const failures = [
    failure('CONNECTION_LOST', 'a', 1),
    failure('CONNECTION_LOST', 'a', 2),
    failure('TABLE_WITHOUT_KEY', 'b'),
    ...['c', 'd', 'e', 'f', 'g'].map((table) => failure('TABLE_WITHOUT_KEY', table)),
  ];
  expect(causesOf(reportOf({ failures, failuresTotal: failures.length }))).toEqual([
    expect.objectContaining({
      title: 'A connection was lost',
      places: 'a 2 shards',
      advice: 'what to do about CONNECTION_LOST',
    }),
    expect.objectContaining({ title: 'No usable key', places: 'b, c, d, e and 2 more', mood: 'unknown' }),
  ]);
});

it('failures that the report does not keep are counted', () => {
  const causes = causesOf(reportOf({ failures: [failure('CONNECTION_LOST', 'a', 1)], failuresTotal: 5001 }));
  expect(causes[1]?.title).toBe('5,000 further failures');
});
