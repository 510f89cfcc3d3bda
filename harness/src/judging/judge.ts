// Compares what was planted with what was reported, difference by difference. Counts alone could agree by accident.

import { decodeEvent, type InconsistencyType, type InconsistentEvent } from '@rowparity/contracts';
import type { PlantedDifference } from '@rowparity/testkit';
import type { SentEvent } from '../system/topics.ts';
import { wireProblems } from './wireProblems.ts';

export interface Tally {
  readonly table: string;
  readonly type: InconsistencyType;
  readonly planted: number;
  /** Planted and reported. */
  readonly found: number;
  /** Reported and not planted. */
  readonly false: number;
  /** Planted and not reported. */
  readonly missed: number;
}

export interface Judgement {
  readonly tallies: readonly Tally[];
  /** Messages, and how many of them say again what another said. */
  readonly messages: number;
  readonly repeats: number;
  readonly found: number;
  readonly false: number;
  readonly missed: number;
  /** The first differences that were missed or falsely reported, and every other problem of an event. */
  readonly problems: readonly string[];
}

const PROBLEMS_MAX = 20;

export function judge(planted: readonly PlantedDifference[], sent: readonly SentEvent[]): Judgement {
  const wanted = new Map(planted.map((one) => [nameOf(one), one]));
  const reported = new Map(distinct(sent).map((event) => [nameOf(plantedForm(event)), event]));
  const missed = [...wanted].filter(([name]) => !reported.has(name));
  const unwanted = [...reported].filter(([name]) => !wanted.has(name));
  const tallies = talliesOf(wanted, reported);
  return {
    tallies,
    messages: sent.length,
    repeats: sent.length - reported.size,
    found: sum(tallies, 'found'),
    false: sum(tallies, 'false'),
    missed: sum(tallies, 'missed'),
    problems: [
      ...missed.map(([name]) => `missed: ${name}`),
      ...unwanted.map(([name]) => `false: ${name}`),
      ...sent.flatMap(wireProblems),
      ...[...reported].flatMap(([name, event]) => eventProblems(name, event, wanted.get(name))),
    ].slice(0, PROBLEMS_MAX),
  };
}

/** A crash may send an event twice, never zero times: a repeat has the same id. */
function distinct(sent: readonly SentEvent[]): InconsistentEvent[] {
  const events = sent.map(({ text }) => decodeEvent(text));
  return [...new Map(events.map((event, index) => [event.EventID ?? index, event])).values()];
}

function plantedForm({ Table = '', Type, Key = {} }: InconsistentEvent): PlantedDifference {
  const entries = Object.entries(Key).map(([column, value]) => [
    column,
    typeof value === 'object' ? value.hex : String(value),
  ]);
  return { table: Table, type: Type, key: Object.fromEntries(entries) };
}

function nameOf({ table, type, key }: PlantedDifference): string {
  const columns = Object.entries(key).map(([column, value]) => `${column}=${value}`);
  return `${table} ${type} ${columns.sort().join(',')}`;
}

function talliesOf(
  wanted: ReadonlyMap<string, PlantedDifference>,
  reported: ReadonlyMap<string, InconsistentEvent>,
): Tally[] {
  const groups = new Map<string, { -readonly [Field in keyof Tally]: Tally[Field] }>();
  const groupOf = (table: string, type: InconsistencyType) => {
    const group = groups.get(`${table} ${type}`) ?? {
      table,
      type,
      planted: 0,
      found: 0,
      false: 0,
      missed: 0,
    };
    groups.set(`${table} ${type}`, group);
    return group;
  };
  for (const [name, { table, type }] of wanted) {
    const group = groupOf(table, type);
    group.planted += 1;
    group[reported.has(name) ? 'found' : 'missed'] += 1;
  }
  for (const [name, { Table = '', Type }] of reported) {
    if (!wanted.has(name)) groupOf(Table, Type).false += 1;
  }
  return [...groups.values()];
}

function eventProblems(
  name: string,
  event: InconsistentEvent,
  planted: PlantedDifference | undefined,
): string[] {
  const columns = [...(event.Columns ?? [])].sort().join();
  const isNamed = planted?.columns === undefined || columns === planted.columns.join();
  return [
    ...(event.Stability === 'confirmed' ? [] : [`${event.Stability ?? 'no stability'}: ${name}`]),
    ...(isNamed ? [] : [`names the columns ${columns} for ${planted.columns.join()}: ${name}`]),
  ];
}

function sum(tallies: readonly Tally[], field: 'found' | 'false' | 'missed'): number {
  return tallies.reduce((total, tally) => total + tally[field], 0);
}
