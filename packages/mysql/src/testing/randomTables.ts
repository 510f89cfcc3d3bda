/**
 * Random schemas, rows and edits for property tests. Every value is one literal of one value: two literals that differ
 * are two values that differ, so a plain comparison of literals is the right answer.
 */
import type { SeededRandom } from '@rowparity/testkit';

interface RandomType {
  readonly ddl: string;
  value(random: SeededRandom): string;
}

const text = (random: SeededRandom, letters: string, length: number) =>
  `'${Array.from({ length: random.int(0, length) }, () => random.pick([...letters])).join('')}'`;

const VALUE_TYPES: readonly RandomType[] = [
  { ddl: 'INT', value: (random) => String(random.int(-5, 5)) },
  { ddl: 'BIGINT UNSIGNED', value: (random) => String(random.bigint(0n, 2n ** 64n - 1n)) },
  { ddl: 'DECIMAL(12,3)', value: (random) => `${random.int(-99, 99)}.${random.int(100, 999)}` },
  { ddl: 'DOUBLE', value: (random) => `${random.int(-9, 9)}.5` },
  { ddl: 'VARCHAR(12) CHARACTER SET utf8mb4', value: (random) => text(random, 'aAbä 😀', 6) },
  { ddl: 'VARBINARY(8)', value: (random) => `X'${random.hex(random.int(0, 8))}'` },
  {
    ddl: 'DATETIME(3)',
    value: (random) => `'2024-01-0${random.int(1, 9)} 10:00:0${random.int(0, 9)}.${random.int(100, 999)}'`,
  },
  { ddl: "ENUM('a','b','c')", value: (random) => `'${random.pick(['a', 'b', 'c'])}'` },
  { ddl: 'JSON', value: (random) => `'{"n": ${random.int(0, 9)}}'` },
  { ddl: 'BIT(9)', value: (random) => String(random.int(0, 511)) },
];

const KEY_TYPES: readonly RandomType[] = [
  { ddl: 'INT', value: (random) => String(random.int(-300, 300)) },
  { ddl: 'BIGINT', value: (random) => String(random.bigint(-(2n ** 63n), 2n ** 63n - 1n)) },
  { ddl: 'BIGINT UNSIGNED', value: (random) => String(2n ** 63n + BigInt(random.int(0, 400))) },
  { ddl: 'DECIMAL(9,2)', value: (random) => `${random.int(-50, 50)}.${random.int(10, 99)}` },
  { ddl: 'VARCHAR(9) COLLATE utf8mb4_general_ci', value: (random) => text(random, 'abcxyz019-', 5) },
  { ddl: 'BINARY(2)', value: (random) => `X'${random.hex(2)}'` },
  { ddl: 'DATE', value: (random) => `'20${random.int(10, 40)}-0${random.int(1, 9)}-1${random.int(0, 9)}'` },
];

export interface RandomTables {
  readonly ddl: string;
  readonly rows: { readonly base: ReadonlyMap<string, string>; readonly target: ReadonlyMap<string, string> };
  /** Types of the differences, counted. */
  readonly expected: { readonly targetMissing: number; readonly neq: number; readonly baseMissing: number };
}

export function randomTables(table: string, random: SeededRandom): RandomTables {
  const key = Array.from({ length: random.int(1, 3) }, () => random.pick(KEY_TYPES));
  const values = Array.from({ length: random.int(1, 5) }, () => random.pick(VALUE_TYPES));
  const columns = [
    ...key.map(({ ddl }, i) => `k${i} ${ddl} NOT NULL`),
    ...values.map(({ ddl }, i) => `v${i} ${ddl} NULL`),
  ];
  const rowValues = () =>
    values.map((type) => (random.chance(0.15) ? 'NULL' : type.value(random))).join(', ');
  const base = new Map<string, string>();
  for (let i = random.int(0, 300); i > 0; i -= 1)
    base.set(key.map((type) => type.value(random)).join(', '), rowValues());
  const target = new Map(base);
  const edits = random.chance(0.2) ? 0 : random.int(1, 60);
  for (let i = 0; i < edits; i += 1)
    edit(target, { random, rowValues, newKey: () => key.map((type) => type.value(random)).join(', ') });
  const names = key.map((_, i) => `k${i}`).join(', ');
  return {
    ddl: `CREATE TABLE ${table} (${columns.join(', ')}, PRIMARY KEY (${names}))`,
    rows: { base, target },
    expected: {
      targetMissing: [...base.keys()].filter((one) => !target.has(one)).length,
      neq: [...base].filter(([one, row]) => target.has(one) && target.get(one) !== row).length,
      baseMissing: [...target.keys()].filter((one) => !base.has(one)).length,
    },
  };
}

interface Edit {
  readonly random: SeededRandom;
  rowValues(): string;
  newKey(): string;
}

function edit(rows: Map<string, string>, { random, rowValues, newKey }: Edit): void {
  const keys = [...rows.keys()];
  if (keys.length === 0 || random.chance(0.3)) rows.set(newKey(), rowValues());
  else if (random.chance(0.4)) rows.delete(random.pick(keys));
  else rows.set(random.pick(keys), rowValues());
}
