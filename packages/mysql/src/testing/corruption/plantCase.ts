/** Builds the two tables of a column case and plants every corruption in rows of its own, between rows that agree. */
import type { ColumnCase, ValueCorruption } from './columnCases.ts';

export interface Expected {
  readonly corruption: string;
  /** `type id columns`, as in a found event. */
  readonly event: string;
}

export interface PlantedCase {
  readonly statements: { readonly base: readonly string[]; readonly target: readonly string[] };
  readonly expected: readonly Expected[];
  /** Rules that must be counted, once each. */
  readonly rules: readonly string[];
}

interface Row {
  readonly id: number;
  readonly c: string;
  readonly d: string;
  readonly flag: number;
  readonly counter: number;
}

interface Told {
  readonly corruption?: string;
  /** Names of the columns that differ. */
  readonly columns?: string;
}

export function plantCase(table: string, columnCase: ColumnCase): PlantedCase {
  const rows = { base: [] as Row[], target: [] as Row[] };
  const expected: Expected[] = [];
  let id = 0;
  const [first] = columnCase.values as readonly [ValueCorruption];
  const plain = { c: first.right, d: first.right, flag: 0, counter: 5 };
  const both = (base: Partial<Row>, target: Partial<Row>, { corruption, columns = 'c' }: Told = {}) => {
    id += 1;
    rows.base.push({ id, ...plain, ...base });
    rows.target.push({ id, ...plain, ...target });
    if (corruption) expected.push({ corruption, event: `neq ${id} ${columns}` });
    // A neighbour that agrees.
    id += 1;
    rows.base.push({ id, ...plain });
    rows.target.push({ id, ...plain });
  };

  for (const { name, right, wrong } of columnCase.values)
    both({ c: right }, { c: wrong }, { corruption: name });
  for (const { right, wrong } of columnCase.same ?? []) both({ c: right }, { c: wrong });
  both(
    { c: first.right, d: first.wrong },
    { c: first.wrong, d: first.right },
    { corruption: 'swapped between two columns', columns: 'c,d' },
  );
  for (const [right, wrong] of [
    [first.right, first.wrong],
    [first.wrong, first.right],
  ] as const) {
    both({ c: right }, { c: wrong }, { corruption: 'swapped between two rows' });
  }
  for (let i = 0; i < 4; i += 1)
    both({ flag: 0 }, { flag: 1 }, { corruption: 'same flag in an even number of rows', columns: 'flag' });
  both({}, { counter: 6 }, { corruption: 'two counters, +1 and -1', columns: 'counter' });
  both({}, { counter: 4 }, { corruption: 'two counters, +1 and -1', columns: 'counter' });

  // Dropped and added, in the middle and at both ends; an added row may have the content of another.
  const drop = (dropped: number) => {
    rows.target.splice(
      rows.target.findIndex((row) => row.id === dropped),
      1,
    );
    expected.push({ corruption: 'row dropped', event: `target_missing ${dropped} ` });
  };
  drop(2);
  id += 1;
  rows.base.push({ id, ...plain });
  expected.push({ corruption: 'row dropped', event: `target_missing ${id} ` });
  for (const added of [0, id + 1]) {
    rows.target.push({ id: added, ...plain });
    expected.push({ corruption: 'row added, with the content of another', event: `base_missing ${added} ` });
  }
  return {
    statements: {
      base: statementsOf(table, columnCase.type, rows.base),
      target: statementsOf(table, columnCase.type, rows.target),
    },
    expected,
    rules: (columnCase.same ?? []).map(({ name }) => name),
  };
}

function statementsOf(table: string, type: string, rows: readonly Row[]): string[] {
  return [
    "SET SESSION sql_mode = '', time_zone = '+00:00'",
    `DROP TABLE IF EXISTS ${table}`,
    `CREATE TABLE ${table} (id INT PRIMARY KEY, c ${type}, d ${type}, flag TINYINT NOT NULL, counter INT NOT NULL)`,
    ...rows.map(
      ({ id, c, d, flag, counter }) => `INSERT INTO ${table} VALUES (${id}, ${c}, ${d}, ${flag}, ${counter})`,
    ),
  ];
}
