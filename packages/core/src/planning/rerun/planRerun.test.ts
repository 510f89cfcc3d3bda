import { RERUN_SHARDS_MAX, type RunHeader, runSpec, type ServerIdentity } from '@rowparity/contracts';
import { expect, it } from 'vitest';
import type { Planning } from '../../ports/ledger.ts';
import type { BaseRun } from './baseRun.ts';
import { planRerun, type RerunDeps, type Seen } from './planRerun.ts';

const server: ServerIdentity = {
  ...{ version: '8.4.0', host: 'db', port: '3306', serverId: '1', uuid: 'u', database: 'shop' },
  position: { variable: 'gtid_executed', value: 'u:1-5' },
};
const spec = runSpec.parse({
  ...{ version: 1, runId: 'base', source: 's', destination: 'd', direction: 'SRC' },
  tables: [{ name: 't' }],
});
const base: BaseRun = {
  header: {
    ...{ runId: 'base', state: 'settled', direction: 'SRC', generation: 1, planName: 'p', shards: 1 },
  } as RunHeader,
  spec,
  plan: {
    tables: [
      { names: { source: 't', destination: 't' }, plan: null, refusal: null, shards: 1, estimatedRows: 1 },
    ],
    servers: { source: server, destination: { ...server, host: 'other' } },
  },
};
const catalog = { describeAll: async () => new Map() };
const seen = {
  catalogs: { base: catalog, target: catalog },
  // Positions and versions move on.
  servers: {
    source: { ...server, version: '8.4.1', position: { missing: 'off' } },
    destination: { ...server, host: 'other' },
  },
  selected: [{ source: 't', destination: 't' }],
} as unknown as Seen;

interface Changes {
  readonly header?: Partial<RunHeader> | undefined;
  readonly damage?: readonly string[];
  readonly spec?: Partial<BaseRun['spec']>;
  readonly run?: Partial<RunHeader>;
  readonly seen?: Partial<Seen>;
  readonly base?: Partial<BaseRun['spec']>;
  readonly isGone?: boolean;
}

async function reasonFor(changes: Changes): Promise<string> {
  const wrote: string[] = [];
  const ledger = {
    getRun: async () => (changes.isGone ? undefined : { ...base.header, ...changes.header }),
    getSpec: async () => ({ ...base.spec, ...changes.base }),
    getPlan: async () => base.plan,
    damageOf: async () => changes.damage ?? [],
    listShards: async () => [],
    addShards: async () => wrote.push('shards'),
    completePlan: async () => wrote.push('plan'),
  };
  const basedOn = { runId: 'base', only: ['differs' as const] };
  const input = {
    run: { ...base.header, ...changes.run },
    planning: { runId: 'new', name: 'q' } satisfies Planning,
    spec: { ...spec, runId: 'new', basedOn, ...changes.spec },
    basedOn,
  };
  const deps = { ledger, clock: { now: () => 1 }, signal: new AbortController().signal };
  const planning = planRerun(input, { ...seen, ...changes.seen }, deps as unknown as RerunDeps);
  const error = await planning.then(
    () => undefined,
    (thrown: { code: string; class: string; message: string }) => thrown,
  );
  expect(wrote).toEqual([]);
  expect(error).toMatchObject({ class: 'configuration', code: 'RERUN_REFUSED' });
  return error?.message ?? '';
}

it.each<[string, Changes, RegExp]>([
  ['is gone', { isGone: true }, /not in the ledger/],
  ['is not settled', { header: { state: 'running' } }, /it is running, and not settled/],
  ['was never planned', { header: { planName: null } }, /never planned/],
  ['is too large', { header: { shards: RERUN_SHARDS_MAX + 1 } }, /at most 100000 can be copied/],
  ['is damaged', { damage: ['the totals'] }, /the ledger has lost the totals/],
  ['lost its shards', {}, /some of its shards are not in the ledger/],
  ['had another spec', { spec: { strategy: 'checksum' } }, /its spec or direction is another one/],
  [
    'compared the rows that changed only',
    { base: { changedSince: { time: '2026-11-26T00:00:00Z', column: 'updated_at', overlapMs: 0 } } },
    /its spec or direction is another one/,
  ],
  ['had another direction', { run: { direction: 'DST' } }, /its spec or direction is another one/],
  [
    'was of another server',
    { seen: { servers: { ...seen.servers, destination: { ...server, host: 'other', uuid: 'v' } } } },
    /its destination was shop on other:3306, server id 1, u, and is shop on other:3306, server id 1, v now/,
  ],
  [
    'was of another database',
    { seen: { servers: { ...seen.servers, source: { ...server, database: 'shop2' } } } },
    /its source was shop on db:3306/,
  ],
  ['had a table more', { seen: { selected: [] } }, /finds other tables now: t\./],
  [
    'had another partner for a table',
    { seen: { selected: [{ source: 't', destination: 't2' }] as unknown as Seen['selected'] } },
    /other tables now: t → t2, t\./,
  ],
])('nothing is inherited from a run that %s, and nothing is written', async (_, changes, reason) => {
  expect(await reasonFor(changes)).toMatch(reason);
});
