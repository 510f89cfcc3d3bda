// The two HTTP services as an orchestrator sees them: order a run, cancel it, follow it to its verdict.

import { setTimeout as sleep } from 'node:timers/promises';
import { type RunReport, type RunSpecInput, runReport } from '@rowparity/contracts';

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Following {
  readonly reporterUrl: string;
  readonly runId: string;
  readonly signal?: AbortSignal;
  readonly pollMs?: number;
  /** Gets every report that was read, the settled one too; awaited. */
  readonly onReport?: (report: RunReport) => Promise<void> | void;
}

const POLL_MS = 200;
const REQUEST_MS_MAX = 30_000;

export function postRun(coordinatorUrl: string, spec: unknown): Promise<Answer> {
  return ask(`${coordinatorUrl}/v1/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(spec),
  });
}

/** Orders a run that must be taken. */
export async function submitRun(coordinatorUrl: string, spec: RunSpecInput): Promise<void> {
  const { status, body } = await postRun(coordinatorUrl, spec);
  if (status !== 202) throw new Error(`the coordinator answered ${status}: ${JSON.stringify(body)}`);
}

export function cancelRun(coordinatorUrl: string, runId: string): Promise<Answer> {
  return controlRun(coordinatorUrl, runId, 'cancel');
}

/** Runs the inconclusive and differing shards of a settled run again. */
export function rerunRun(coordinatorUrl: string, base: string, order: unknown): Promise<Answer> {
  return runAgain(`${coordinatorUrl}/v1/runs/${base}/rerun`, order);
}

/** Looks at the known differences of a settled run again. */
export function recheckRun(coordinatorUrl: string, base: string, order: unknown): Promise<Answer> {
  return runAgain(`${coordinatorUrl}/v1/runs/${base}/recheck`, order);
}

function runAgain(url: string, order: unknown): Promise<Answer> {
  return ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order),
  });
}

export function controlRun(
  coordinatorUrl: string,
  runId: string,
  call: 'pause' | 'resume' | 'cancel',
): Promise<Answer> {
  return ask(`${coordinatorUrl}/v1/runs/${runId}/${call}`, { method: 'POST' });
}

export async function readReport(reporterUrl: string, runId: string): Promise<RunReport> {
  const { status, body } = await ask(`${reporterUrl}/v1/runs/${runId}/report`);
  if (status !== 200) throw new Error(`the reporter answered ${status}: ${JSON.stringify(body)}`);
  return runReport.parse(body);
}

/** Follows a run until it is settled; throws the signal's reason when that aborts first. */
export async function untilSettled(following: Following): Promise<RunReport> {
  return untilReport(following, ({ state }) => state === 'settled');
}

/**
 * Follows a run until a report is as wanted. Throws when the run is settled and its report is not, with that report,
 * and the signal's reason when that aborts first.
 */
export async function untilReport(
  { reporterUrl, runId, signal, pollMs = POLL_MS, onReport }: Following,
  isWanted: (report: RunReport) => boolean,
): Promise<RunReport> {
  for (;;) {
    signal?.throwIfAborted();
    const report = await readReport(reporterUrl, runId);
    await onReport?.(report);
    if (isWanted(report)) return report;
    if (report.state === 'settled')
      throw new Error(`run ${runId} is settled, and was never as wanted: ${JSON.stringify(report)}`);
    await sleep(pollMs, undefined, signal && { signal }).catch(() => signal?.throwIfAborted());
  }
}

async function ask(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(REQUEST_MS_MAX) });
  return { status: response.status, body: (await response.json()) as Answer['body'] };
}
