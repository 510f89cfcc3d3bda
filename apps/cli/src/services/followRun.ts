/** Shows a run of the services until it is settled; an outage of the reporter is sat out. */
import { RowparityError } from '@rowparity/client';
import { Fault, type RunReport } from '@rowparity/contracts';
import { openClient, orUsageError } from './openClient.ts';

/** The reporter is replaced in a rolling update well before. */
const OUTAGE_MS_MAX = 120_000;

export interface FollowInput {
  readonly runId: string;
  readonly reporter: string;
  readonly pollMs: number;
  readonly show: (report: RunReport) => Promise<void> | void;
}

export async function followRun({ runId, reporter, pollMs, show }: FollowInput): Promise<RunReport> {
  const client = openClient({ reporter });
  // A wrong address or an unknown run is told at once.
  const first = await orUsageError(client.report(runId));
  const onReport = (report: RunReport) => (report.state === 'settled' ? undefined : show(report));
  if (first.state === 'settled') return first;
  return client
    .waitUntilSettled(runId, { pollMs, deadlineMs: OUTAGE_MS_MAX, onReport })
    .catch((error: unknown) => {
      throw error instanceof RowparityError ? lostSight(runId, error) : error;
    });
}

/** The run goes on, and its verdict is not known here: that is no wrong usage. */
function lostSight(runId: string, error: RowparityError): Fault {
  const message = `Run ${runId} goes on, but its progress cannot be read: ${error.message} Look again with rowparity watch ${runId}.`;
  return new Fault('transient', { code: 'SERVER_UNREACHABLE', message }, { cause: error });
}
