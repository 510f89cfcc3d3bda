// Makes docs/internals/ledger.md from the tables that the conformance suite walks, so the page cannot tell of an answer
// that a ledger does not give.

import { RUN_TRANSITIONS, SHARD_TRANSITIONS } from '@rowparity/core';
import { markdownTable } from './markdownTable.ts';

const HEAD = `# The ledger: states, calls, records

Made by \`npm run docs:ledger\` from \`packages/core/src/ledgering/transitions.ts\`; a test compares the two. The conformance
suite tries every cell of both tables on every ledger: Redis, a SQLite file, SQLite in memory.

A ledger is five ports (\`packages/core/src/ports/ledger/\`), and each process asks for those that it needs:

${markdownTable([
  ['port', 'what it does', 'who uses it'],
  [
    '`RunStore`',
    'creates, pauses, cancels, settles and deletes runs',
    'coordinator, `check`; a worker only to end a run',
  ],
  ['`PlanStore`', 'writes plans once, with what they inherit; opens their shards', 'coordinator, `check`'],
  ['`ShardHolds`', 'claims shards and writes under a hold', 'worker, `check`'],
  ['`WatchStore`', 'begins and stops watches, and records their generations', 'coordinator'],
  ['`LedgerReadings`', 'reads; the reporter has nothing else (`openRedisReadings`)', 'every process'],
])}

Two more ports are kept in Redis alone, for \`check\` has no use for them: \`MigrationStore\` (migrations, and the runs that they begin
and end) and \`WebhookStore\` (what webhooks are told). Each has a conformance suite, and a store in memory for tests.

The rules that both stores keep stand in \`packages/core/src/ledgering/\`. A store keeps records and applies the rules in one
transaction. Redis decides inside its scripts; where a script repeats a rule of core, it names the rule.

## How to read the tables

A row is a call, a column is the state that it meets. \`written → running\`: the call answers \`written\`, and the state is
\`running\` afterwards. An answer alone leaves the state as it is. \`refused\`: the call throws, because its caller has a bug.
\`fenced\`: a later planning or attempt holds the place. \`over\`: the run takes no work. \`nothing\`: the call answers false.`;

const RUNS = `## Runs

\`paused\` is a running run that was asked to rest, \`cancelRequested\` one that was asked to end. A run that is paused or
cancelled before it is planned stays in its state, with the mark. A cancelled run cannot be paused; a paused one can be
cancelled. Holders learn of both by \`runIntents\`, one read for all runs of a process. \`addShards\`, \`inheritShards\`, \`carryKnown\`, \`completePlan\` and \`refusePlan\` come from the planning that began last; an earlier one is
\`fenced\` in every state. \`commit\`, \`finish\`, \`split\` and \`release\` come under the hold that was taken last.`;

const SHARDS = `## Shards of a running run

\`struckOut\` is a running shard whose attempts used up their strikes. A strike is an attempt that ended neither in a commit
nor in a release.`;

const RECORDS = `## What a ledger keeps

The contracts of all records are in \`packages/contracts/src/\`; \`LEDGER_VERSION\` counts their changes.

${markdownTable([
  ['record', 'what it holds', 'read by'],
  [
    '`runHeader`',
    'state, pause, direction, generation, verdict, times, numbers of tables and shards: small, independent of what the run compares',
    'every look, list and scrape',
  ],
  ['spec', 'as it was ordered', 'planning, workers, reports'],
  [
    '`runPlan`',
    'table pairs by source and destination, and the servers: written once, never changed under its name',
    'workers (remembered by name), settling, reports',
  ],
  ['`runRemarks`', 'the first unstable rows, and tables that were changed at the end', 'reports'],
  ['`shardRecord`', 'range, checkpoint, counts, attempt, outcome, times', 'claims, certificate'],
  [
    'totals',
    'counts and numbers of shards by table, and of all tables together',
    'looks, metrics (sums); reports (by table)',
  ],
  [
    '`knownDifference`',
    'confirmed differences: key, type, columns, since when; never values',
    'rechecks, `rowparity known`',
  ],
  ['failures', 'the first failures of shards, in their order', 'reports'],
])}

A plan is stored by place. The direction of the header turns it to base and target (\`packages/core/src/sides/turnedPlan.ts\`)
when a shard is claimed, and when a run is settled, reported or certified.

A header that cannot be read is one unreadable run: lists name it, and every other run continues. A spec or plan that cannot be
read stops its own run only. \`damageOf\` detects a lost plan, and the run is settled as \`RUN_DAMAGED\`.

${markdownTable([
  ['Redis key of a run', 'type', 'what it holds'],
  [
    '`{rowparity}:ledger:run:RUN`',
    'hash',
    'header, spec, remarks, name of the planning, cursor of the opened shards',
  ],
  ['`…:RUN:plan`', 'list', 'a planned shard each: table, after, upTo'],
  ['`…:RUN:tables`', 'hash', 'the plan of the table pairs, under its name'],
  ['`…:RUN:shards`', 'hash', 'the state of each shard that was ever claimed'],
  ['`…:RUN:totals`', 'hash', 'numbers by `table:name`, and by `all:name` for all tables together'],
  ['`…:RUN:open`', 'set', 'shards that were opened and are not done'],
  ['`…:RUN:failures`', 'list', 'the first thousand failures of shards'],
  ['`…:RUN:known`', 'hash', 'confirmed differences by row id: table, state, and the rest as JSON'],
  ['`…:RUN:known-order`', 'sorted set', 'their tables and row ids, for pages'],
  ['`{rowparity}:ledger:runs`', 'sorted set', 'ids of all runs by the time of their creation'],
  [
    '`{rowparity}:ledger:watches`',
    'hash',
    'watches by id: state, last generation, the run that it follows, spec',
  ],
  ['`{rowparity}:ledger:runs-open`', 'set', 'ids of the runs that are not settled'],
])}

A SQLite file holds the same in the tables \`runs\`, \`plans\`, \`shards\`, \`openShards\`, \`totals\`, \`known\`, \`watches\` and \`failures\`
(\`packages/sqlite/src/schema.ts\`).`;

export function ledgerText(): string {
  return `${[HEAD, RUNS, tableOf(RUN_TRANSITIONS), SHARDS, tableOf(SHARD_TRANSITIONS), RECORDS].join('\n\n')}\n`;
}

function tableOf(transitions: Readonly<Record<string, Readonly<Record<string, string>>>>): string {
  const states = Object.keys(transitions);
  const calls = Object.keys(Object.values(transitions)[0] ?? {});
  const rows = calls.map((call) => [
    `\`${call}\``,
    ...states.map((state) => transitions[state]?.[call] ?? ''),
  ]);
  return markdownTable([['call', ...states.map((state) => `\`${state}\``)], ...rows]);
}
