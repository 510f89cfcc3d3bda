/** The goals that the results decide, a row each: what is asked, and what each kind of server measured. */
import { isMissing } from '../peers/peer.ts';
import { median } from '../shared/timing.ts';
import { markdownTable } from './markdownTable.ts';
import type { Results } from './results.ts';

interface Judged {
  readonly text: string;
  readonly isHeld: boolean;
}

interface Goal {
  readonly what: string;
  judge(results: Results): Judged;
}

const MEMORY_MIB = 200;
const TABLES_A_SIDE = 3;

const GOALS: readonly Goal[] = [
  {
    what: 'exact ≤ 1.05× reading alone (orders, narrow)',
    judge: ({ engine }) =>
      ratios(
        engine.equal.map(({ timings }) => against(timings, 'exact', 'limit')),
        1.05,
      ),
  },
  { what: '≥ 3× faster than each tool on each table', judge: judgePeers },
  {
    what: 'checksum ≤ 1.15× SHA2-XOR over the table (orders, narrow)',
    judge: ({ engine }) =>
      ratios(
        engine.equal.map(({ timings }) => against(timings, 'checksum', 'SHA2')),
        1.15,
      ),
  },
  {
    what: 'checksum over 100 Mbit/s faster than the best peer, BIT_XOR(CRC32), which misses differences',
    judge: (results) =>
      ratios([linkRatio(results, { rate: 100, way: 'checksum', others: ['BIT_XOR(CRC32)'] })], 1),
  },
  {
    what: '`auto` ≤ 1.1× the better strategy (1000, 100 Mbit/s)',
    judge: (results) =>
      ratios(
        [1000, 100].map((rate) => linkRatio(results, { rate, way: 'auto', others: ['exact', 'checksum'] })),
        1.1,
      ),
  },
  { what: '1 % differing: ≥ 90 % of the speed of equal', judge: (results) => speed(results, '1 %', 0.9) },
  { what: '100 % differing: ≥ 25 %', judge: (results) => speed(results, '100 %', 0.25) },
  {
    what: `500 tables 20 ms away: ≤ ${TABLES_A_SIDE} statements a table and side`,
    judge: ({ distance: { many, tables } }) => {
      const each = many.far.questions / many.far.checks.length / tables;
      return { text: each.toFixed(1), isHeld: each <= TABLES_A_SIDE };
    },
  },
  {
    what: `memory ≤ ${MEMORY_MIB} MiB: equal, 100 % differing, 50 M rows by check`,
    judge: ({ engine, growth }) => {
      const check = growth.sizes.flatMap(({ checks }) => checks.map(({ peakMiB }) => peakMiB));
      const all = [...engine.memory.map(({ maxRssMiB }) => maxRssMiB), Math.max(...check)];
      return {
        text: all.map((mib) => mib.toFixed(0)).join(', '),
        isHeld: all.every((mib) => mib <= MEMORY_MIB),
      };
    },
  },
];

export function goalsTable(all: readonly Results[]): string {
  const lines = GOALS.map(({ what, judge }) => [
    what,
    ...all.map((results) => {
      const { text, isHeld } = judge(results);
      return `${text} ${isHeld ? 'held' : '**missed**'}`;
    }),
  ]);
  return markdownTable(['goal', ...all.map(({ name }) => name)], lines);
}

function judgePeers({ peers: { timings, peers } }: Results): Judged {
  const names = peers.filter((peer) => !isMissing(peer)).map(({ name }) => name);
  const [own = '', ...others] = names;
  const pairs = timings.flatMap(({ table, timings: all }) =>
    others.flatMap((tool) => {
      const ratio = against(all, tool, own);
      return Number.isFinite(ratio) ? [{ tool, table, ratio }] : [];
    }),
  );
  const held = pairs.filter(({ ratio }) => ratio >= 3).length;
  const faster = pairs.filter(({ ratio }) => ratio >= 1).length;
  const least = pairs.toSorted((a, b) => a.ratio - b.ratio)[0];
  const text = `${held} of ${pairs.length} pairs, faster in ${faster}; least ${least?.ratio.toFixed(1)}× (${least?.tool}, ${least?.table}):`;
  return { text, isHeld: held === pairs.length };
}

type Timings = readonly {
  readonly name: string;
  readonly seconds: readonly number[];
  readonly failure?: string | undefined;
}[];

function against(timings: Timings, one: string, other: string): number {
  const secondsOf = (name: string) => {
    const timing = timings.find((candidate) => candidate.name === name);
    return timing && !timing.failure ? median(timing.seconds) : Number.NaN;
  };
  return secondsOf(one) / secondsOf(other);
}

function linkRatio(
  { engine }: Results,
  { rate, way, others }: { readonly rate: number; readonly way: string; readonly others: readonly string[] },
): number {
  if (typeof engine.slowLink === 'string') return Number.NaN;
  const seconds = engine.slowLink.find(({ rateMbit }) => rateMbit === rate)?.seconds ?? {};
  return (seconds[way] ?? Number.NaN) / Math.min(...others.map((other) => seconds[other] ?? Number.NaN));
}

function ratios(values: readonly number[], most: number): Judged {
  return {
    text: values.map((value) => `${value.toFixed(2)}×`).join(', '),
    isHeld: values.every((value) => value <= most),
  };
}

function speed({ engine }: Results, name: string, least: number): Judged {
  const one = engine.differing.find((differing) => differing.name === name);
  const share = median(one?.equalSeconds ?? []) / median(one?.seconds ?? []);
  return { text: `${(100 * share).toFixed(0)} %`, isHeld: share >= least };
}
