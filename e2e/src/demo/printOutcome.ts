// The demo's last page: planted / found / false by table and type, verdict, report, time.

import { confirmedOf } from '@rowparity/contracts';
import type { Judgement } from '@rowparity/harness';
import type { Outcome } from './outcome.ts';

export function printOutcome(outcome: Outcome): void {
  const { judgement, report, checks, phases, reportFile } = outcome;
  console.log(`\n${tableText(judgement)}\n`);
  for (const problem of judgement.problems) console.log(`! ${problem}`);
  for (const { claim, holds } of checks) console.log(`${holds ? '✓' : '✗'} ${claim}`);
  const rows = (report.counts.rowsBase + report.counts.rowsTarget).toLocaleString('en');
  const { candidates, converged, unstable } = report.counts;
  console.log(`
Verdict   ${report.verdict}
Compared  ${rows} rows in ${report.shards.total} shards, ${seconds(report.elapsedMs)}
Found     ${confirmedOf(report.counts)} confirmed of ${candidates} candidates (${converged} converged, ${unstable} unstable)
Events    ${judgement.messages} messages on Kafka, ${judgement.repeats} of them repeats
Report    ${reportFile}
Time      ${phases.map(({ name, ms }) => `${name.split(/[:,]/)[0]} ${seconds(ms)}`).join(' · ')}`);
  if (report.failuresTotal > 0) {
    for (const { code, message, table } of report.failures)
      console.log(`failure   ${table ?? ''} ${code}: ${message}`);
  }
}

function tableText({ tallies, missed }: Judgement): string {
  const fields = ['planted', 'found', 'false', ...(missed > 0 ? (['missed'] as const) : [])] as const;
  const rows = tallies.map((tally) => [
    tally.table,
    tally.type,
    ...fields.map((field) => String(tally[field])),
  ]);
  const totals = fields.map((field) => String(tallies.reduce((sum, tally) => sum + tally[field], 0)));
  const all = [['table', 'type', ...fields], ...rows, ['all', '', ...totals]];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const isText = (column: number) => column < 2;
  const lines = all.map((row) =>
    row.map((cell, column) => cell[isText(column) ? 'padEnd' : 'padStart'](widths[column] ?? 0)).join('   '),
  );
  const rule = '─'.repeat(lines[0]?.length ?? 0);
  return [lines[0], rule, ...lines.slice(1, -1), rule, lines.at(-1)].join('\n');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
