/** `rowparity gate RUN`, `gate --migration ID`: may the migration go on, and every reason why not. */
import {
  type Direction,
  direction,
  type GateAnswer,
  type MigrationGateAnswer,
  printable,
  type RunReport,
} from '@rowparity/contracts';
import { gateOf } from '@rowparity/core';
import { EXIT, systemClock } from '@rowparity/runtime';
import { type Command, Option } from 'commander';
import { keptReport } from '../checking/keptReport.ts';
import { expectRunId, ledgerOption } from '../checking/keptRun.ts';
import { answer } from '../output/answer.ts';
import { reporterOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';
import { UsageError } from '../usage/usageError.ts';

interface GateFlags {
  readonly migration?: string;
  readonly quietRuns?: string;
  readonly quietHours?: string;
  readonly reporter: string;
  readonly ledger?: string;
  readonly json?: boolean;
  readonly maxAgeHours?: string;
  readonly maxLagMs?: string;
  readonly direction?: Direction;
}

const MAX_AGE_HOURS = '24';
const HOUR_MS = 3_600_000;

export function addGate(program: Command): void {
  program
    .command('gate')
    .description(
      'say whether a migration may go on after this run, and every reason why not; exit code 0 or 1',
    )
    .argument('[run]', 'id of the run; with --ledger its newest run when left out')
    .option(
      '--max-age-hours <hours>',
      `the first keys may have been compared so long ago; ${MAX_AGE_HOURS}, or as the migration has it`,
    )
    .option('--max-lag-ms <ms>', 'rows may have taken so long to arrive, where the run measured it')
    .addOption(
      new Option('--direction <direction>', 'the side that must have been right').choices(direction.options),
    )
    .addOption(
      new Option(
        '--migration <migration>',
        'ask for a migration: all its runs, its stage and its policy',
      ).conflicts(['ledger', 'direction']),
    )
    .option('--quiet-runs <runs>', 'with --migration: so many full runs in a row must be consistent')
    .option('--quiet-hours <hours>', 'with --migration: those runs must span so much time')
    .option('--json', 'print the answer as JSON')
    .addOption(ledgerOption())
    .addOption(reporterOption())
    .action(async (runId: string | undefined, flags: GateFlags) => {
      const gate = await (flags.migration === undefined
        ? runGate(runId, flags)
        : migrationGateOf(flags.migration, runId, flags));
      await answer([flags.json ? `${JSON.stringify(gate)}\n` : `${gateLines(gate).join('\n')}\n`]);
      process.exitCode = gate.ready ? EXIT.ok : EXIT.inconsistent;
    });
}

async function runGate(runId: string | undefined, flags: GateFlags): Promise<GateAnswer> {
  const stray = flags.quietRuns === undefined ? flags.quietHours : flags.quietRuns;
  if (stray !== undefined) throw new UsageError('--quiet-runs and --quiet-hours are for --migration.');
  const policy = {
    maxAgeMs: HOUR_MS * positive('--max-age-hours', flags.maxAgeHours ?? MAX_AGE_HOURS),
    maxLagMs: optional('--max-lag-ms', flags.maxLagMs),
    direction: flags.direction,
  };
  return gateOf(await reportFor(runId, flags), policy, systemClock.now());
}

function migrationGateOf(
  migration: string,
  runId: string | undefined,
  flags: GateFlags,
): Promise<MigrationGateAnswer> {
  if (runId !== undefined) throw new UsageError('Name a run or --migration, not both.');
  const times = {
    maxAgeMs: optional('--max-age-hours', flags.maxAgeHours, HOUR_MS),
    maxLagMs: optional('--max-lag-ms', flags.maxLagMs),
    quietRuns: optional('--quiet-runs', flags.quietRuns),
    quietMs: optional('--quiet-hours', flags.quietHours, HOUR_MS),
  };
  const query = Object.fromEntries(Object.entries(times).filter(([, value]) => value !== undefined));
  return orUsageError(openClient({ reporter: flags.reporter }).migrations.gate(migration, query));
}

function reportFor(runId: string | undefined, { ledger, reporter }: GateFlags): Promise<RunReport> {
  return ledger
    ? keptReport(ledger, runId)
    : orUsageError(openClient({ reporter }).report(expectRunId(runId)));
}

function gateLines(gate: GateAnswer | MigrationGateAnswer): readonly string[] {
  const { ready, reasons } = gate;
  const head = 'runId' in gate ? runHead(gate) : migrationHead(gate);
  return [
    `${head[0]}: ${ready ? 'ready' : 'not ready'}, ${head[1]}`,
    ...reasons.map(({ code, message }) => `- ${code}: ${message}`),
  ].map((line) => printable(line));
}

type Compared = Pick<GateAnswer, 'comparedFrom' | 'comparedTo'>;

function runHead({ runId, ...times }: GateAnswer): readonly [string, string] {
  return [`run ${runId}`, comparedText(times)];
}

function migrationHead(gate: MigrationGateAnswer): readonly [string, string] {
  const { migrationId, stage, neighbours, lastRun, quiet } = gate;
  const last = lastRun === null ? 'no full run yet' : `last run ${lastRun.runId}, ${comparedText(lastRun)}`;
  return [
    `migration ${migrationId} in ${stage}, from which it goes to ${neighbours.join(' or ')}`,
    `${last}; ${quiet.runs} consistent in a row`,
  ];
}

function comparedText({ comparedFrom, comparedTo }: Compared): string {
  const times = [comparedFrom, comparedTo].map((ms) => (ms === null ? '?' : new Date(ms).toISOString()));
  return `keys compared from ${times.join(' to ')}`;
}

function optional(flag: string, text: string | undefined, unitMs = 1): number | undefined {
  return text === undefined ? undefined : unitMs * positive(flag, text);
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`${flag} must be a number of at least 0; found "${text}".`);
}
