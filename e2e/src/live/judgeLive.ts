// Whether the events of a run are true, and whether it found every planted difference.

import { type Direction, decodeEvent, type InconsistentEvent, type Verdict } from '@rowparity/contracts';
import type { Plant } from './plants.ts';
import { LIVE_TABLES, type LiveTableName } from './tables.ts';
import type { TrueDifference } from './truth.ts';

export interface JudgeInput {
  readonly direction: Direction;
  readonly verdict: Verdict | null;
  /** Events as they were sent. */
  readonly events: readonly string[];
  readonly plants: readonly Plant[];
  /** Of the planted differences, those that still stood when the run was over. */
  readonly truth: readonly TrueDifference[];
}

export interface LiveJudgement {
  /** Confirmed events that no planted difference stands behind, and those that name a column that was equal. */
  readonly falseEvents: readonly string[];
  /** Of those, the ones of the table that toggles. */
  readonly falseToggles: number;
  /** Planted, standing, and in no event. */
  readonly missed: readonly string[];
  /** Planted, standing, and reported as unstable. */
  readonly unstable: number;
  readonly found: number;
  readonly problems: readonly string[];
}

/** Of the planted differences, so many may end as unstable. */
const UNSTABLE_SHARE_MAX = 0.02;
/** Of the candidates of a run that is judged by time, so many may be a row that only looked still. */
export const FALSE_BY_TIME_MAX = 1 / 1000;

export function judgeLive(input: JudgeInput): LiveJudgement {
  const { direction, events, plants, truth, verdict } = input;
  const planted = new Set(plants.map((plant) => nameOf(plantedKey(plant), direction)));
  const standing = truth.map((one) => nameOf(one, direction));
  const sent = events.map((text) => decodeEvent(text));
  const confirmed = new Map(sent.filter(isConfirmed).map((event) => [eventName(event), event]));
  const unstable = new Set(sent.filter((event) => !isConfirmed(event)).map(eventName));
  const falseEvents = [...confirmed].flatMap(([name, event]) => {
    if (!planted.has(name)) return [name];
    const others = (event.Columns ?? []).filter((column) => column !== 'label');
    return others.length > 0 ? [`${name}, columns ${others.join(', ')}`] : [];
  });
  const quiet = standing.filter((name) => !confirmed.has(name));
  const missed = quiet.filter((name) => !unstable.has(name));
  const share = (quiet.length - missed.length) / Math.max(1, standing.length);
  return {
    falseEvents,
    falseToggles: falseEvents.filter((name) => name.startsWith('flags ')).length,
    missed,
    unstable: quiet.length - missed.length,
    found: standing.length - quiet.length,
    problems: [
      ...missed.map((name) => `missed: ${name}`),
      ...(share > UNSTABLE_SHARE_MAX
        ? [`${quiet.length - missed.length} of ${standing.length} planted differences ended unstable`]
        : []),
      ...(verdict === 'consistent' && standing.length > 0 ? ['the verdict is consistent'] : []),
    ],
  };
}

function isConfirmed({ Stability }: InconsistentEvent): boolean {
  return Stability === 'confirmed';
}

const TYPE_OF = {
  SRC: {
    missing_on_destination: 'target_missing',
    differs: 'neq',
    only_on_destination: 'base_missing',
  },
  DST: {
    missing_on_destination: 'base_missing',
    differs: 'neq',
    only_on_destination: 'target_missing',
  },
} as const;

function nameOf({ table, kind, key }: TrueDifference, direction: Direction): string {
  return nameFrom(table, TYPE_OF[direction][kind], key);
}

export function plantedKey({ table, kind, n }: Plant): TrueDifference {
  return { table, kind, key: LIVE_TABLES[table].keyTexts(n) };
}

function eventName({ Table = '', Type, Key = {} }: InconsistentEvent): string {
  const texts = Object.entries(Key).map(([column, value]) => [
    column,
    typeof value === 'object' ? value.hex : String(value),
  ]);
  return nameFrom(Table as LiveTableName, Type, Object.fromEntries(texts));
}

function nameFrom(table: LiveTableName, type: string, key: Readonly<Record<string, string>>): string {
  const texts = Object.entries(key).map(([column, value]) => `${column}=${value}`);
  return `${table} ${type} ${texts.sort().join(' ')}`;
}
