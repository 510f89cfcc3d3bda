import { directionOf, runSpec, zeroCounts } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { WholeRun } from '../ledgering/wholeRun.ts';
import type { TableTotals } from '../ports/ledger.ts';
import { runNotes } from './runNotes.ts';

const plan = {} as NonNullable<WholeRun['tables'][number]['plan']>;
const table = (name: string) => ({ name, plan, refusal: null, shards: 1, estimatedRows: 0 });
const totalOf = (rowsBase: number): TableTotals => ({
  counts: { ...zeroCounts(), rowsBase },
  shards: { planned: 0, running: 0, match: 1, differs: 0, inconclusive: 0 },
});
const server = (value: string, serverId = '1') => ({
  ...{ version: '8', host: 'db', port: '3306', serverId, uuid: null, database: 'shop' },
  position: { variable: 'gtid_executed', value },
});
const A = '3e11fa47-71ca-11e1-9e33-c80aa9429562';
const B = 'd3fe112a-e9d8-11f1-8c06-02fc00000001';

function run(change: Partial<WholeRun> = {}, spec: object = {}): WholeRun {
  const short = { version: 1, runId: 'r', source: 'a', destination: 'b', direction: 'SRC' };
  const parsed = runSpec.parse({ ...short, tables: [{ name: 't' }], ...spec });
  return {
    ...{ version: 2, runId: 'r', state: 'settled', cancelRequested: false, shards: 1, verdict: 'consistent' },
    spec: parsed,
    direction: directionOf(parsed),
    tables: [table('t')],
    ...{ failure: null, createdAt: 1, plannedAt: 2, settledAt: 3 },
    ...change,
  } as WholeRun;
}

const codes = (...args: Parameters<typeof runNotes>) => runNotes(...args).map(({ code }) => code);
const messages = (...args: Parameters<typeof runNotes>) => runNotes(...args).map(({ message }) => message);

it('a run with rows, between servers that do not tell, needs no note', () => {
  expect(runNotes(run(), [totalOf(3)])).toEqual([]);
});

it('zero rows give a note: of the whole run, or by table; not before it is settled', () => {
  expect(messages(run(), [totalOf(0)])).toEqual(['0 rows were compared.']);
  const two = run({ tables: [table('full'), table('empty')] });
  expect(messages(two, [totalOf(3), totalOf(0)])).toEqual(['0 rows were compared in 1 of 2 tables: empty.']);
  expect(runNotes(run({ state: 'running' }), [totalOf(0)])).toEqual([]);
});

it.each([
  ['SRC', `${A}:1-9`, `${A}:1-7`, 'the destination lacked 2 transactions that the source had'],
  ['SRC', `${A}:1-7`, `${A}:1-9`, 'the source lacked 2 transactions that the destination had'],
  ['DST', `${A}:1-9`, `${A}:1-7`, 'the source lacked 2 transactions that the destination had'],
] as const)('direction %s, base %s, target %s: %s', (direction, base, target, words) => {
  const compared = run({ servers: { base: server(base), target: server(target) } }, { direction });
  expect(codes(compared, [totalOf(1)])).toEqual(['BEHIND_AT_START']);
  expect(messages(compared, [totalOf(1)])[0]).toContain(words);
});

it.each([
  ['SRC', 'The destination replicates from the source'],
  ['DST', 'The source replicates from the destination'],
] as const)('direction %s: a fence is told of, unless it is off', (direction, words) => {
  const servers = { base: { ...server(`${A}:1-9`), uuid: A }, target: { ...server(`${A}:1-9`), uuid: B } };
  const fenced = run({ servers }, { direction });
  expect(codes(fenced, [totalOf(1)])).toEqual(['REPLICATES']);
  expect(messages(fenced, [totalOf(1)])[0]).toContain(words);
  expect(codes(run({ servers }, { direction, recheck: { fence: 'off' } }), [totalOf(1)])).toEqual([]);
});

it.each([
  ['SRC', 'source', 'the destination shows a later value there than the source had'],
  ['DST', 'source', 'the destination shows a later value there than the source had'],
  ['SRC', 'destination', 'the source shows a later value there than the destination had'],
] as const)(
  'direction %s, a heartbeat on the %s: the note says which side must follow',
  (direction, upstream, words) => {
    const servers = { base: server(`${A}:1-9`), target: server(`${B}:1-9`) };
    const fence = { kind: 'heartbeat', upstream, database: 'percona', table: 'heartbeat', column: 'ts' };
    const fenced = run({ servers }, { direction, recheck: { fence } });
    expect(codes(fenced, [totalOf(1)])).toEqual(['FENCED_BY_VALUE']);
    expect(messages(fenced, [totalOf(1)])[0]).toContain(words);
    expect(messages(fenced, [totalOf(1)])[0]).toContain('table percona.heartbeat, column ts');
  },
);

it('servers without a common history are said to have none, equal ones need no word', () => {
  const runTo = (target: string) => run({ servers: { base: server(`${A}:1-9`), target: server(target) } });
  expect(codes(runTo(`${B}:1-9`), [totalOf(1)])).toEqual(['NO_COMMON_HISTORY']);
  expect(codes(runTo(`${A}:1-9`), [totalOf(1)])).toEqual([]);
});

it.each([
  [[500, 1000, 2000, 4000], []],
  [[500, 500], []],
  [[2000, 500, 500], ['SHORTER_DELAY']],
  [[1000, 3000, 2000], ['SHORTER_DELAY']],
])('delays of %j ms: %j', (delaysMs, expected) => {
  expect(codes(run({}, { recheck: { delaysMs } }), [totalOf(1)])).toEqual(expected);
});

it('a spec that allows a database to be compared with itself gives a note', () => {
  expect(codes(run({}, { allowSame: true }), [totalOf(1)])).toEqual(['SAME_DATABASE_ALLOWED']);
});
