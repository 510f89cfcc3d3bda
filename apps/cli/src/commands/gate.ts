/** `rowparity gate RUN`: may the migration go on, as far as this run tells, and every reason why not. */
import { type Direction, direction, type GateAnswer, printable, type RunReport } from '@rowparity/contracts';
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
  readonly reporter: string;
  readonly ledger?: string;
  readonly json?: boolean;
  readonly maxAgeHours: string;
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
    .option('--max-age-hours <hours>', 'the first keys may have been compared so long ago', MAX_AGE_HOURS)
    .option('--max-lag-ms <ms>', 'rows may have taken so long to arrive, where the run measured it')
    .addOption(
      new Option('--direction <direction>', 'the side that must have been right').choices(direction.options),
    )
    .option('--json', 'print the answer as JSON')
    .addOption(ledgerOption())
    .addOption(reporterOption())
    .action(async (runId: string | undefined, flags: GateFlags) => {
      const policy = {
        maxAgeMs: HOUR_MS * positive('--max-age-hours', flags.maxAgeHours),
        maxLagMs: flags.maxLagMs === undefined ? undefined : positive('--max-lag-ms', flags.maxLagMs),
        direction: flags.direction,
      };
      const report = await reportFor(runId, flags);
      const gate = gateOf(report, policy, systemClock.now());
      await answer([flags.json ? `${JSON.stringify(gate)}\n` : `${gateLines(gate).join('\n')}\n`]);
      process.exitCode = gate.ready ? EXIT.ok : EXIT.inconsistent;
    });
}

function reportFor(runId: string | undefined, { ledger, reporter }: GateFlags): Promise<RunReport> {
  return ledger
    ? keptReport(ledger, runId)
    : orUsageError(openClient({ reporter }).report(expectRunId(runId)));
}

function gateLines({ runId, ready, reasons, comparedFrom, comparedTo }: GateAnswer): readonly string[] {
  const times = [comparedFrom, comparedTo].map((ms) => (ms === null ? '?' : new Date(ms).toISOString()));
  const head = `run ${runId}: ${ready ? 'ready' : 'not ready'}, keys compared from ${times.join(' to ')}`;
  return [head, ...reasons.map(({ code, message }) => `- ${code}: ${message}`)].map((line) =>
    printable(line),
  );
}

function positive(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new UsageError(`${flag} must be a number of at least 0; found "${text}".`);
}
