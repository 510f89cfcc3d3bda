/** Writes the report or the certificate of a run to a file or to standard output, whole. */
import { certificateText, type LedgerReadings, type WholeRun } from '@rowparity/core';
import { answer } from './answer.ts';
import { isStandardOutput } from './standardOutput.ts';
import { type Content, writeWhole } from './writeWhole.ts';

export function writeCertificate(path: string, run: WholeRun, ledger: LedgerReadings): Promise<void> {
  return writeDocument(path, certificateText(run, ledger));
}

export async function writeDocument(path: string, content: Content): Promise<void> {
  await ((await isStandardOutput(path)) ? answer(content) : writeWhole(path, content));
}
