/**
 * Compares two rows whose bytes differ, column by column, under the rules that the plan declares for each. Rows that
 * are equal by a rule are counted under its name, never ignored silently.
 */
import { isUtf8 } from 'node:buffer';
import type { ComparedColumn, Counts, RuleName, TablePlan } from '@rowparity/contracts';
import type { ColumnValue } from '../ports/rowSource.ts';
import type { Sides } from '../sides/sides.ts';
import { isSameJson } from './jsonMeaning.ts';

export interface Look {
  /** Names of the base columns that differ. Empty: the rows are equal, by the rules listed. */
  readonly columns: readonly string[];
  readonly rules: ReadonlySet<RuleName>;
}

export function hasRules(plan: TablePlan): boolean {
  return plan.columns.some((column) => column.rules.length > 0);
}

export function compareColumns(plan: TablePlan, values: Sides<readonly ColumnValue[]>): Look {
  let rules: Set<RuleName> | undefined;
  const columns: string[] = [];
  for (let i = 0; i < plan.columns.length; i += 1) {
    const column = plan.columns[i] as ComparedColumn;
    const base = values.base[i] ?? null;
    const target = values.target[i] ?? null;
    if (isSameValue(base, target)) continue;
    const isRuled = column.rules.length > 0 && base !== null && target !== null;
    const rule = isRuled ? ruleFor(column, { base, target }) : undefined;
    if (rule) rules = (rules ?? new Set()).add(rule);
    else columns.push(column.names.base);
  }
  return { columns, rules: rules ?? NO_RULES };
}

const NO_RULES: ReadonlySet<RuleName> = new Set();

const COUNT_OF_RULE = {
  json: 'equalByJson',
  negativeZero: 'equalByNegativeZero',
  floatWidth: 'equalByFloatWidth',
  setOrder: 'equalBySetOrder',
} as const satisfies Record<RuleName, keyof Counts>;

export function countsOfRules(rules: Iterable<RuleName>): Partial<Counts> {
  return Object.fromEntries([...rules].map((rule) => [COUNT_OF_RULE[rule], 1]));
}

function isSameValue(a: ColumnValue, b: ColumnValue): boolean {
  return a === null || b === null ? a === b : a.equals(b);
}

function ruleFor(column: ComparedColumn, values: Sides<Buffer>): RuleName | undefined {
  return column.rules.find((rule) => isEqualBy[rule](values));
}

const isEqualBy: Readonly<Record<RuleName, (values: Sides<Buffer>) => boolean>> = {
  json: ({ base, target }) =>
    isUtf8(base) && isUtf8(target) && isSameJson(base.toString('utf8'), target.toString('utf8')),
  negativeZero: (values) => {
    const { base, target } = numbersOf(values);
    return base === 0 && target === 0;
  },
  floatWidth: (values) => {
    const { base, target } = numbersOf(values);
    return Math.fround(base) === Math.fround(target);
  },
  setOrder: ({ base, target }) => inOrder(base) === inOrder(target),
};

/** The members of a SET in one order; no member has a comma. Byte for byte: latin1 keeps each of them. */
function inOrder(members: Buffer): string {
  return members.toString('latin1').split(',').sort().join(',');
}

/** FLOAT comes as 4 bytes, DOUBLE as 8. */
function numbersOf({ base, target }: Sides<Buffer>): Sides<number> {
  const read = (bytes: Buffer) => (bytes.length === 4 ? bytes.readFloatLE() : bytes.readDoubleLE());
  return { base: read(base), target: read(target) };
}
