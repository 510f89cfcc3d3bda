import {
  type CertificateLine,
  type CertificateShard,
  type CertificateTable,
  type Failure,
  type PlannedShard,
  runSpec,
  type ShardRecord,
  type TablePlan,
  zeroCounts,
} from '@rowparity/contracts';
import { expect, it } from 'vitest';
import { fingerprintOf } from '../hashing/canonicalJson.ts';
import { NONE_PENDING } from '../ledgering/tallies.ts';
import type { WholeRun } from '../ledgering/wholeRun.ts';
import type { LiveTotals } from '../ports/ledger.ts';
import { certificateText } from './certificateLines.ts';
import { HashChain } from './hashChain.ts';
import { notProven } from './notProven.ts';
import { verifyCertificate } from './verifyCertificate.ts';

const side = { schema: 's', table: 'orders' };
const plan: TablePlan = {
  tables: { base: side, target: side },
  columns: [
    {
      names: { base: 'id', target: 'id' },
      types: { base: 'int', target: 'int' },
      readAs: { kind: 'plain' },
      rules: [],
    },
    {
      names: { base: 'v', target: 'v' },
      types: { base: 'json', target: 'json' },
      readAs: { kind: 'plain' },
      rules: ['json'],
    },
  ],
  key: [{ column: 0, kind: 'integer' }],
  indexes: { base: 'PRIMARY', target: 'PRIMARY' },
  where: null,
};
const server = {
  version: '8.4.0',
  host: 'db1',
  port: '3306',
  database: 'shop',
  serverId: '1',
  uuid: 'u',
  position: { variable: 'gtid_executed', value: 'u:1-5' },
};

const run: WholeRun = {
  ...{ version: 2, runId: 'r', generation: 1, direction: 'SRC', window: 1, planName: 'p', tableCount: 1 },
  unstable: [],
  spec: runSpec.parse({
    version: 1,
    runId: 'r',
    source: 'a',
    destination: 'b',
    direction: 'SRC',
    tables: [{ name: 'orders' }],
  }),
  state: 'settled',
  cancelRequested: false,
  pausedAt: null,
  pausedMs: 0,
  tables: [
    {
      name: 'orders',
      plan,
      refusal: null,
      shards: 3,
      estimatedRows: 30,
      schemas: {
        base: { 'column id': 'x', 'column v': 'x', 'column note': 'x', 'index PRIMARY': 'x' },
        target: { 'column ID': 'x' },
      },
    },
  ],
  servers: {
    base: server,
    target: { ...server, uuid: null, position: { missing: 'gtid_current_pos is empty: no GTIDs' } },
  },
  shards: 4,
  verdict: 'consistent',
  failure: null,
  createdAt: 1,
  plannedAt: 2,
  settledAt: 9,
};

/** The second was split: the fourth is what lay behind it. */
const ranges: readonly PlannedShard[] = [
  { shard: 0, table: 0, range: { after: null, upTo: ['10'] } },
  { shard: 1, table: 0, range: { after: ['10'], upTo: ['15'] } },
  { shard: 2, table: 0, range: { after: ['20'], upTo: null } },
  { shard: 3, table: 0, range: { after: ['15'], upTo: ['20'] } },
];
const shards: readonly ShardRecord[] = ranges.map((planned) => ({
  ...planned,
  state: 'done',
  attempt: 1,
  holder: 'w',
  checkpoint: null,
  counts: { ...zeroCounts(), rowsBase: 10, rowsTarget: 10 },
  outcome: 'match',
  failure: null,
  claimedAt: 3,
  committedAt: 4,
  finishedAt: 5,
}));
const totals: LiveTotals = {
  counts: { ...zeroCounts(), rowsBase: 40, rowsTarget: 40 },
  shards: { planned: 0, running: 0, match: 4, differs: 0, inconclusive: 0 },
  pending: NONE_PENDING,
};

async function written(
  record: WholeRun = run,
  sums: readonly LiveTotals[] = [totals],
  records: readonly ShardRecord[] = shards,
): Promise<string[]> {
  const ledger = {
    listShards: async (_: string, from: number, limit: number) => records.slice(from, from + limit),
    totals: async () => sums,
  };
  let text = '';
  for await (const part of certificateText(record, ledger)) text += part;
  return text.trimEnd().split('\n');
}

async function* each(lines: readonly string[]) {
  yield* lines;
}

async function problemsOf(lines: readonly string[]): Promise<string> {
  return (await verifyCertificate(each(lines))).problems.join('\n');
}

/** What becomes of a line. */
type Forge = (line: CertificateLine) => readonly CertificateLine[];

/** Changed lines with a new chain, as a forger would write them. */
async function forged(forge: Forge, lines?: readonly string[]): Promise<string[]> {
  const chain = new HashChain();
  return (lines ?? (await written())).flatMap((text) => {
    const { sha256: _, ...body } = JSON.parse(text);
    return forge(body as CertificateLine).map((line) => chain.seal(line));
  });
}

function ofShard(
  shard: number,
  change: { [Name in keyof CertificateShard]?: CertificateShard[Name] | undefined },
): Forge {
  return (line) => [
    line.kind === 'shard' && line.shard === shard ? ({ ...line, ...change } as CertificateShard) : line,
  ];
}

function ofTable(change: Partial<CertificateTable>): Forge {
  return (line) => [line.kind === 'table' ? { ...line, ...change } : line];
}

it('the certificate of a run holds, and the same records give the same bytes', async () => {
  const lines = await written();
  expect(lines).toHaveLength(7);
  expect(await written()).toEqual(lines);
  const verified = await verifyCertificate(each(lines));
  expect(verified).toMatchObject({ problems: [], shards: 4, counts: { rowsBase: 40 } });
  expect(lines.at(-1)).toContain(verified.head);
});

it('what it does not prove is told', async () => {
  const said = notProven(await verifyCertificate(each(await written()))).join('\n');
  for (const part of [
    'written anew as a whole',
    'rows that changed after their page was read',
    'every event reached its consumer',
    'history of the target stood when the run was planned: gtid_current_pos is empty',
    'columns that were left out: orders (note)',
    'where a rule says that values are (json): 0 rows',
  ])
    expect(said).toContain(part);
  expect(said).not.toContain('history of the base');
});

it.each([
  [
    'a changed count',
    3,
    (line: string) => line.replace('"rowsBase":10', '"rowsBase":11'),
    'line 4: its sha256 is not',
  ],
  ['a changed range', 3, (line: string) => line.replace('"15"', '"16"'), 'line 4: its sha256 is not'],
  [
    'a changed verdict',
    6,
    (line: string) => line.replace('consistent', 'inconsistent'),
    'line 7: its sha256 is not',
  ],
  [
    'a changed spec',
    0,
    (line: string) => line.replace('"exact"', '"auto"'),
    'the spec is not that of specSha256',
  ],
  ['a half line', 6, (line: string) => line.slice(0, 40), 'line 7: it has no sha256 at its end'],
  ['a line of something else', 4, () => 'hello', 'line 5: it has no sha256 at its end'],
])('%s is noticed', async (_, place, change, words) => {
  const lines = await written();
  const changed = lines.with(place, change(lines[place] as string));
  expect(changed).not.toEqual(lines);
  expect(await problemsOf(changed)).toContain(words);
});

it('a removed shard, swapped lines, a second footer and a cut file are noticed', async () => {
  const lines = await written();
  const [one, two] = [lines[3] as string, lines[4] as string];
  expect(await problemsOf(lines.toSpliced(3, 1))).toMatch(
    /line 4: its sha256.*gap behind shard 0.*match: the shards add up to 3/s,
  );
  expect(await problemsOf(lines.with(3, two).with(4, one))).toContain('line 4: expected shard 1, found 2');
  expect(await problemsOf([...lines, lines.at(-1) as string])).toContain('nothing may follow the footer');
  expect(await problemsOf(lines.slice(0, -1))).toBe('the file ends without its footer: it was cut');
  expect(await problemsOf(lines.slice(1))).toContain('there is no header');
  expect(await problemsOf([])).toContain('there is no header');
});

const failure: Failure = { code: 'SCHEMA_CHANGED', message: '' };
it.each<readonly [string, Forge, string]>([
  [
    'a count',
    ofShard(1, { counts: { rowsBase: 11, rowsTarget: 10 } }),
    'table 0 (orders): rowsBase: the shards add up to 41, the footer says 40',
  ],
  [
    'a removed shard',
    (line) => (line.kind === 'shard' && line.shard === 3 ? [] : [line]),
    'there is a gap behind shard 1: no shard begins after ["15"]',
  ],
  ['a gap', ofShard(3, { range: { after: ['16'], upTo: ['20'] } }), 'there is a gap behind shard 1'],
  ['an overlap', ofShard(3, { range: { after: ['10'], upTo: ['20'] } }), 'shards 1 and 3 overlap'],
  ['a closed end', ofShard(2, { range: { after: ['20'], upTo: ['90'] } }), 'there is a gap behind shard 2'],
  ['a range', ofShard(1, { range: { after: ['10'], upTo: ['5'] } }), 'shard 1: its range runs backwards'],
  ['a hidden difference', ofShard(1, { counts: { neq: 1 } }), 'shard 1: it ended match, with 1 differences'],
  ['an outcome', ofShard(1, { outcome: null }), 'an outcome and the time of an end come together'],
  [
    'a verdict',
    (line) => [line.kind === 'footer' ? { ...line, verdict: 'inconsistent' } : line],
    'the verdict is inconsistent, and consistent follows',
  ],
  ['a refusal', ofTable({ refusal: failure }), 'it was refused, and has shards'],
  ['an altered table', ofTable({ changed: failure }), 'the verdict is consistent, and inconclusive follows'],
  [
    'a table more',
    (line) => (line.kind === 'table' ? [line, { ...line, table: 1 }] : [line]),
    'the footer has totals of 1 tables, and there are 2',
  ],
])('%s that was forged with a whole new chain is noticed', async (_, forge, words) => {
  expect(await problemsOf(await forged(forge))).toContain(words);
});

it('a forged chain of an unchanged content differs in nothing, so the head must be kept elsewhere', async () => {
  expect(await forged((line) => [line])).toEqual(await written());
});

it('a run that was cancelled while it was planned has a certificate, too', async () => {
  const unplanned: WholeRun = {
    ...run,
    tables: [],
    shards: 2,
    plannedAt: null,
    verdict: 'inconclusive',
    cancelRequested: true,
    failure: { code: 'RUN_CANCELLED', message: 'cancelled' },
  };
  expect(await problemsOf(await written(unplanned, []))).toBe('');
});

/** Of the shards above, the first two are inherited from other runs. */
function inheriting(): Promise<string[]> {
  const spec = runSpec.parse({ ...run.spec, basedOn: { runId: 'earlier' } });
  const inherited = { shards: 2, rows: 40, from: 1, to: 5 };
  const failed: Failure = { code: 'SHARDS_INHERITED', message: 'two of four' };
  const [first, second, ...own] = shards as [ShardRecord, ShardRecord, ...ShardRecord[]];
  return written(
    {
      ...run,
      spec,
      tables: run.tables.map((table) => ({ ...table, inherited })),
      ...{ verdict: 'inconclusive', failure: failed },
    },
    [totals],
    [{ ...first, inheritedFrom: 'earlier', claimedAt: 1 }, { ...second, inheritedFrom: 'first' }, ...own],
  );
}

it('a certificate with inherited shards holds, and says how many and from when they are', async () => {
  const verified = await verifyCertificate(each(await inheriting()));
  expect(verified.problems).toEqual([]);
  expect(notProven(verified).join('\n')).toContain(
    'that inherited shards are still as they were then: orders (2 shards, compared from 1970-01-01T00:00:00.001Z',
  );
});

const ofHeader =
  (basedOn: { runId: string; only: ('differs' | 'inconclusive')[] } | undefined): Forge =>
  (line) => {
    if (line.kind !== 'header') return [line];
    const { basedOn: _, ...rest } = line.spec;
    const spec = basedOn ? { ...rest, basedOn } : rest;
    return [{ ...line, spec, specSha256: fingerprintOf(spec) }];
  };

it.each<readonly [string, Forge, string]>([
  [
    'a shard that does not say so',
    ofShard(0, { inheritedFrom: undefined }),
    'of what is inherited it says shards 2',
  ],
  [
    'a table that does not say so',
    (line) => {
      if (line.kind !== 'table') return [line];
      const { inherited: _, ...rest } = line;
      return [rest];
    },
    '2 shards are inherited, and it says none',
  ],
  [
    'a later time',
    ofTable({ inherited: { shards: 2, rows: 40, from: 3, to: 5 } }),
    'it says from 3, and the lines say 1',
  ],
  ['no run that it is based on', ofHeader(undefined), 'the spec is based on no run'],
  ['its own run', ofShard(0, { inheritedFrom: 'r' }), 'it is inherited from its own run'],
  [
    'a shard that was asked for anew',
    ofShard(0, { outcome: 'inconclusive', failure: 'UNSTABLE_ROWS' }),
    'the spec asks for what ended inconclusive to be compared anew',
  ],
  [
    'the verdict of a whole run',
    (line) => [line.kind === 'footer' ? { ...line, verdict: 'consistent', failure: null } : line],
    'the verdict is consistent, and inconclusive follows',
  ],
])('%s in a certificate with inherited shards is noticed', async (_, forge, words) => {
  expect(await problemsOf(await forged(forge, await inheriting()))).toContain(words);
});

/** A recheck of two shards with keys. */
function rechecking(): Promise<string[]> {
  const spec = runSpec.parse({ ...run.spec, basedOn: { runId: 'earlier', only: ['known'] } });
  const failed: Failure = { code: 'ONLY_KNOWN_COMPARED', message: 'all resolved' };
  const counts = { ...zeroCounts(), knownResolved: 2 };
  const keyShards = shards.slice(0, 2).map(
    (shard): ShardRecord => ({
      ...shard,
      ...{
        range: { after: null, upTo: null },
        keys: [['1'], ['2']],
        counts,
        outcome: 'match',
        failure: null,
      },
    }),
  );
  const sums: LiveTotals = {
    ...{ counts: { ...zeroCounts(), knownResolved: 4 }, pending: NONE_PENDING },
    shards: { planned: 0, running: 0, match: 2, differs: 0, inconclusive: 0 },
  };
  const tables = run.tables.map((table) => ({ ...table, shards: 2 }));
  const end = { verdict: 'inconclusive', failure: failed } as const;
  return written({ ...run, spec, tables, ...end }, [sums], keyShards);
}

it('a certificate of known differences alone holds without ranges, and says that it has none', async () => {
  const verified = await verifyCertificate(each(await rechecking()));
  expect(verified.problems).toEqual([]);
  expect(notProven(verified).join('\n')).toContain('anything but the known differences of run earlier');
});

it.each<readonly [string, Forge, string]>([
  [
    'a key left out of the counts',
    ofShard(0, { counts: { knownResolved: 1 } }),
    'with 2 keys of which 1 are counted',
  ],
  [
    'one that is still different and said to match',
    ofShard(0, { counts: { knownResolved: 1, knownStill: 1 } }),
    'it ended match, with 1 differences',
  ],
  [
    'a hidden one that is said to match',
    ofShard(0, { counts: { knownResolved: 1, knownHidden: 1 } }),
    'it ended match, with 0 differences and 1 unstable rows',
  ],
  [
    'a shard that takes its keys for a range',
    ofShard(0, { keys: undefined }),
    'it has ranges, and the run only reads known',
  ],
  ['no run that it follows', ofHeader(undefined), 'the spec follows no other run'],
  [
    'the verdict of a whole run',
    (line) => [line.kind === 'footer' ? { ...line, verdict: 'consistent', failure: null } : line],
    'the verdict is consistent, and inconclusive follows',
  ],
])('%s in a certificate of known differences is noticed', async (_, forge, words) => {
  expect(await problemsOf(await forged(forge, await rechecking()))).toContain(words);
});
