import type { TablePlan } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { TypedValue } from '../ports/typedValue.ts';
import { mapSides, type Sides } from '../sides/sides.ts';
import { explainRow } from './explainRow.ts';

const names = ['id', 'first', 'last', 'updated_at'];
const plan = {
  columns: names.map((name) => ({ names: { base: name, target: name }, rules: [] as const })),
} as unknown as TablePlan;
const text = (value: string): TypedValue => ({ kind: 'text', text: value });
const moment = (value: string): TypedValue => ({ kind: 'moment', text: value });
const row = (first: string, last: string, changed: string) => [
  text('1'),
  text(first),
  text(last),
  moment(changed),
];
const explained = (typed: Sides<readonly (TypedValue | null)[]>) =>
  explainRow(
    plan,
    mapSides(typed, (row) => ({ typed: row, values: row.map((one) => one && Buffer.from(one.text)) })),
  );
const [EARLY, LATE] = ['2026-11-27 10:00:00', '2026-11-27 11:00:00'];

it('two columns that hold each other’s values are swapped', () => {
  const values = { base: row('Ada', 'King', EARLY), target: row('King', 'Ada', EARLY) };
  expect(explained(values)).toEqual([
    { column: 1, cause: { code: 'swapped' } },
    { column: 2, cause: { code: 'swapped' } },
  ]);
});

it('an update time that alone differs is told apart; beside another column it is a time like any other', () => {
  const alone = { base: row('Ada', 'King', EARLY), target: row('Ada', 'King', LATE) };
  expect(explained(alone)).toEqual([{ column: 3, cause: { code: 'updateTime' } }]);
  const withOther = { base: row('Ada', 'King', EARLY), target: row('Ad', 'King', LATE) };
  expect(explained(withOther)).toEqual([
    { column: 1, cause: { code: 'truncated', at: 2 } },
    { column: 3, cause: { code: 'shifted', minutes: 60 } },
  ]);
});

it('NULLs are never taken for swapped values', () => {
  const values = {
    base: [text('1'), null, text('x'), null],
    target: [text('1'), text('x'), null, null],
  };
  const causes = explained(values).map(({ cause }) => cause.code);
  expect(causes).toEqual(['null', 'null']);
});
