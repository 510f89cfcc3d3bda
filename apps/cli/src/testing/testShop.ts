/** Two small shops with planted differences, the command beside them, and what its events say of the planted ones. */
import { decodeEvent } from '@rowparity/contracts';
import { createShop, type PlantedDifference, plantDifferences } from '@rowparity/testkit';
import { type FreshDatabase, freshDatabases, sqlServer } from '@rowparity/testkit/vitest';
import { type TestCli, testCli } from './testCli.ts';

const ROWS = 20_000;
const SEED = 31;

export interface TestShop {
  readonly databases: Readonly<Record<'source' | 'destination', FreshDatabase>>;
  readonly planted: readonly PlantedDifference[];
  /** A command in an empty folder, with the connections in its environment. */
  cli(env?: Readonly<Record<string, string>>): Promise<TestCli>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Without a direction nothing is planted. */
export async function testShop(direction?: 'SRC' | 'DST'): Promise<TestShop> {
  const databases = await freshDatabases();
  const servers = { source: sqlServer('source'), destination: sqlServer('destination') };
  const database = databases.source.name;
  await createShop({ servers, database, rows: ROWS, seed: SEED });
  const planted = direction ? await plantDifferences({ ...servers, database, direction, seed: SEED }) : [];
  const connections = {
    ROWPARITY_CONNECTION_SOURCE: databases.source.url,
    ROWPARITY_CONNECTION_DESTINATION: databases.destination.url,
  };
  return {
    databases,
    planted,
    cli: (env = {}) => testCli({ ...connections, ...env }),
    async [Symbol.asyncDispose]() {
      await Promise.all([databases.source.drop(), databases.destination.drop()]);
    },
  };
}

/** Each difference as a line, sorted; what was sent twice stands twice. */
export function plantedLines(planted: readonly PlantedDifference[]): readonly string[] {
  return planted.map(({ table, type, key, columns }) => lineOf(table, type, key, columns)).sort();
}

export function reportedLines(texts: readonly string[]): readonly string[] {
  return texts
    .map((text) => {
      const { Table = '', Type, Key = {}, Columns } = decodeEvent(text);
      const key = Object.fromEntries(
        Object.entries(Key).map(([name, value]) => [
          name,
          typeof value === 'object' ? value.hex : String(value),
        ]),
      );
      return lineOf(Table, Type, key, Columns);
    })
    .sort();
}

function lineOf(
  ...[table, type, key, columns = []]: readonly [
    string,
    string,
    Readonly<Record<string, string>>,
    (readonly string[] | undefined)?,
  ]
): string {
  const keyText = Object.entries(key)
    .map(([name, value]) => `${name}=${value}`)
    .sort();
  return [table, type, ...keyText, ...[...columns].sort()].join(' ');
}

/** How many there are of each type, as counts of a report name them. */
export function plantedCounts(planted: readonly PlantedDifference[]) {
  const count = (type: PlantedDifference['type']) => planted.filter((one) => one.type === type).length;
  return {
    targetMissing: count('target_missing'),
    neq: count('neq'),
    baseMissing: count('base_missing'),
    unstable: 0,
  };
}
