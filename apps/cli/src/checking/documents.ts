/** The report and the certificate that a check was asked for, written when its run is settled. */
import type { RunReport } from '@rowparity/contracts';
import type { WholeRun } from '@rowparity/core';
import { OutputError } from '../output/outputError.ts';
import { writeCertificate, writeDocument } from '../output/runDocuments.ts';
import { reportText } from '../reports/reportText.ts';
import type { TakenRun } from './chooseRun.ts';
import { saidOfSettled } from './said.ts';
import type { CheckSettings } from './settings.ts';

interface Settled {
  readonly settings: Pick<CheckSettings, 'report' | 'certificate'>;
  readonly taken: TakenRun;
  readonly run: WholeRun;
  readonly say: (line: string) => void;
}

/** False when one could not be written. The verdict is still recorded and shown, and both can be written again. */
export async function writeDocuments(
  { settings, taken, run, say }: Settled,
  report: RunReport,
): Promise<boolean> {
  let isWritten = true;
  const orSay = (error: unknown) => {
    if (!(error instanceof OutputError)) throw error;
    isWritten = false;
    say(`${error.message} ${saidOfSettled(taken)}`);
  };
  const { report: path } = settings;
  if (path) await writeDocument(path, [reportText(report, path)]).catch(orSay);
  if (settings.certificate) await writeCertificate(settings.certificate, run, taken.ledger).catch(orSay);
  return isWritten;
}
