// Differences that the application neither makes nor heals: rows that one side lacks, rows that only one side has, and
// labels, which the application never writes again. Some stand on rows that change all the time.

import { connect, type SeededRandom, type SqlServer } from '@rowparity/testkit';
import { insertOf, LIVE_TABLES, type LiveTable, type LiveTableName, tableSizes, whereKey } from './tables.ts';

export interface Plant {
  readonly table: LiveTableName;
  readonly kind: 'missing_on_destination' | 'differs' | 'only_on_destination';
  readonly n: number;
  /** The application goes on writing to this row. */
  readonly isBusy: boolean;
}

export interface PlantedPlaces {
  readonly plants: readonly Plant[];
  /** A row that the application leaves alone. */
  isQuiet(table: LiveTableName, n: number): boolean;
  /** A row that it never deletes. */
  isKept(table: LiveTableName, n: number): boolean;
  /** A key that no row has at first: one of the destination alone takes it. */
  isFree(table: LiveTableName, n: number): boolean;
}

const LARGE = ['accounts', 'positions', 'sessions'] as const;
const KINDS = ['missing_on_destination', 'differs', 'only_on_destination'] as const;
/** Of each kind, in each large table, on rows that stand still. */
const QUIET_EACH = 22;
/** On rows that change. */
const BUSY: readonly {
  readonly table: LiveTableName;
  readonly kind: Plant['kind'];
  readonly count: number;
}[] = [
  { table: 'accounts', kind: 'differs', count: 40 },
  { table: 'accounts', kind: 'missing_on_destination', count: 20 },
  { table: 'positions', kind: 'differs', count: 20 },
  { table: 'hot', kind: 'differs', count: 8 },
  { table: 'hot', kind: 'missing_on_destination', count: 4 },
  { table: 'flags', kind: 'differs', count: 10 },
];

export function choosePlants(rows: number, random: SeededRandom): PlantedPlaces {
  const sizes = tableSizes(rows);
  const places = new Map<LiveTableName, number[]>();
  const take = (table: LiveTableName): number => {
    const left = places.get(table) ?? random.shuffle(Array.from({ length: sizes[table] }, (_, n) => n));
    places.set(table, left);
    const n = left.pop();
    if (n === undefined) throw new Error(`${table} has too few rows for the planted differences`);
    return n;
  };
  const quiet = LARGE.flatMap((table) =>
    KINDS.flatMap((kind) =>
      Array.from({ length: QUIET_EACH }, () => ({ table, kind, n: take(table), isBusy: false })),
    ),
  );
  const busy = BUSY.flatMap(({ table, kind, count }) =>
    Array.from({ length: count }, () => ({ table, kind, n: take(table), isBusy: true })),
  );
  const plants = [...quiet, ...busy];
  const namesOf = (some: readonly Plant[]) => new Set(some.map(({ table, n }) => `${table} ${n}`));
  const [kept, still] = [namesOf(plants), namesOf(quiet)];
  const free = namesOf(quiet.filter(({ kind }) => kind === 'only_on_destination'));
  return {
    plants,
    isQuiet: (table, n) => still.has(`${table} ${n}`),
    isKept: (table, n) => kept.has(`${table} ${n}`),
    isFree: (table, n) => free.has(`${table} ${n}`),
  };
}

const STATEMENT_OF = {
  missing_on_destination: (table: LiveTable, n: number) =>
    `DELETE FROM ${table.name} WHERE ${whereKey(table, n)}`,
  differs: (table: LiveTable, n: number) =>
    `UPDATE ${table.name} SET label = CONCAT(label, ' !') WHERE ${whereKey(table, n)}`,
  only_on_destination: insertOf,
};

/** Damages the destination, which must be equal to the source. */
export async function plantThem(
  plants: readonly Plant[],
  destination: SqlServer,
  { database, random }: { readonly database: string; readonly random: SeededRandom },
): Promise<void> {
  const connection = await connect(destination, database);
  try {
    for (const { table, kind, n } of plants) {
      const sql = STATEMENT_OF[kind](LIVE_TABLES[table], n, random);
      const [{ affectedRows }] = (await connection.query(sql)) as unknown as [{ affectedRows: number }];
      if (affectedRows !== 1) throw new Error(`planting changed ${affectedRows} rows: ${sql}`);
    }
  } finally {
    await connection.end();
  }
}
