/**
 * Confirmed differences by the way in which they differ, as Redis keeps them: a hash whose fields are a table's index
 * and the name of a group. Beside the groups of a table a field has their number, and one what fits into none.
 */
import { type DifferenceGroup, differenceGroup, groupName } from '@rowparity/contracts';
import { type LedgerReadings, largestFirst, type TableGroups } from '@rowparity/core';
import { orRedisFault } from '../connection/redisFault.ts';
import type { ReadStore } from './ledgerStore.ts';
import { unreadable } from './runRecords.ts';

const NONE = '-';
const BEYOND = '+';
const NUMBER_OF_GROUPS = '#';

/** One line, its parts with tabs between: JSON holds neither. */
export function encodeGroup(group: DifferenceGroup): string {
  const { rows, low, high, ...rest } = group;
  return [rows, low ?? NONE, high ?? NONE, groupName(group), JSON.stringify(rest)].join('\t');
}

function decodeGroup(field: string, packed: string): DifferenceGroup {
  const [rows, low, high, rest = ''] = packed.split('\t');
  try {
    return differenceGroup.parse({
      ...(JSON.parse(rest) as object),
      ...{ rows: Number(rows), low: low === NONE ? null : low, high: high === NONE ? null : high },
    });
  } catch (error) {
    throw unreadable(`group of differences ${field}`, error);
  }
}

export function groupReadings({ redis, keysOf }: ReadStore): Pick<LedgerReadings, 'differenceGroups'> {
  return {
    async differenceGroups(runId) {
      const fields = Object.entries(await orRedisFault(redis.hgetall(keysOf(runId).groups))).sort();
      const tables = Map.groupBy(fields, ([field]) => Number(field.slice(0, field.indexOf(' '))));
      return [...tables]
        .sort(([a], [b]) => a - b)
        .filter(([table]) => Number.isInteger(table))
        .map(([table, all]) => tableGroups(table, all));
    },
  };
}

function tableGroups(table: number, fields: readonly (readonly [string, string])[]): TableGroups {
  const named = fields.map(([field, packed]) => [field.slice(field.indexOf(' ') + 1), packed] as const);
  const groups = named.flatMap(([name, packed]) =>
    name === BEYOND || name === NUMBER_OF_GROUPS ? [] : [decodeGroup(name, packed)],
  );
  const beyond = named.find(([name]) => name === BEYOND)?.[1];
  return { table, groups: largestFirst(groups), beyond: Number(beyond ?? 0) };
}
