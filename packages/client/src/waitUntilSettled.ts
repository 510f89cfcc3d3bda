/** Follows a run to its verdict by asking for its report. Events may get lost, a question may not. */
import type { RunReport } from '@rowparity/contracts';
import type { CallOptions } from './askRoute.ts';
import { restFor } from './retrying.ts';
import { RowparityError } from './rowparityError.ts';

const POLL_MS = 1000;

export interface WaitOptions {
  readonly signal?: AbortSignal;
  /** Between two reports, in milliseconds. Default 1 s. */
  readonly pollMs?: number;
  /** The whole wait, in milliseconds; a run has no time limit of its own. Left out, only the signal ends the wait. */
  readonly waitMs?: number;
  /** Of one report with all its attempts, in milliseconds: an outage of the reporter that is sat out. */
  readonly deadlineMs?: number;
  /** Gets every report, the settled one too; awaited. */
  readonly onReport?: (report: RunReport) => Promise<void> | void;
}

export async function waitUntilSettled(
  readReport: (options: CallOptions) => Promise<RunReport>,
  { signal, pollMs = POLL_MS, waitMs = Number.POSITIVE_INFINITY, deadlineMs, onReport }: WaitOptions,
): Promise<RunReport> {
  const endMs = performance.now() + waitMs;
  const call = { ...(signal ? { signal } : {}), ...(deadlineMs === undefined ? {} : { deadlineMs }) };
  for (;;) {
    const report = await readReport(call);
    await onReport?.(report);
    if (report.state === 'settled') return report;
    if (performance.now() + pollMs > endMs) {
      const message = `Run ${report.runId} is ${report.state} after ${waitMs} ms, ${report.percent.toFixed(0)} % done. It goes on: wait longer, or cancel it.`;
      throw new RowparityError({ code: 'wait_too_long', message });
    }
    await restFor(pollMs, signal);
  }
}
