/**
 * What `check` prints before it starts: the run, the databases, and probable mistakes in the spec.
 */
import { type RunSpec, specNotes } from '@rowparity/contracts';
import { isStandardOutputLost, STANDARD_OUTPUT } from '../output/standardOutput.ts';
import type { TakenRun } from './chooseRun.ts';
import type { Databases } from './databases.ts';
import type { CheckSettings } from './settings.ts';

interface Beginning {
  readonly settings: CheckSettings;
  readonly databases: Databases;
  readonly taken: TakenRun;
  /** Where the events go: a file, or `-`. */
  readonly events: string;
}

/** With --quiet only what the person did not ask for. */
export function saidBefore(check: Beginning, spec: RunSpec): string[] {
  const { settings, taken } = check;
  const { settled } = taken;
  return [
    ...(settled
      ? [`run ${settled.runId} is settled, so there is nothing to continue. ${saidOfSettled(settled)}`]
      : []),
    ...(settings.isQuiet ? [] : [beginning(check)]),
    ...(!settings.isQuiet && check.events === STANDARD_OUTPUT && isStandardOutputLost()
      ? ['standard output is closed: the events are lost. Name a file with --events to keep them.']
      : []),
    ...specNotes(spec).map(({ message }) => message),
  ];
}

/** How report and certificate of a settled run are written again. */
export function saidOfSettled({ path, runId }: { readonly path: string; readonly runId: string }): string {
  return `"rowparity report ${runId} --ledger ${path}" shows its report, "rowparity certificate" with the same arguments its certificate.`;
}

function beginning({ settings, databases: { places }, taken }: Beginning): string {
  const { runId, path, isResumed } = taken;
  const verb = isResumed ? 'continuing' : settings.isResume ? 'nothing to resume, beginning' : 'beginning';
  return `${verb} run ${runId}: ${places.source} and ${places.destination}, ledger ${path}`;
}
