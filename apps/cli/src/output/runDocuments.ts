/** Writes the report or the certificate of a run to a file or to standard output, whole. */
import type { RunReport } from '@rowparity/contracts';
import { certificateText, type LedgerReadings, type WholeRun } from '@rowparity/core';
import { answer } from './answer.ts';
import { isStandardOutput } from './standardOutput.ts';
import { type Content, writeWhole } from './writeWhole.ts';

export function writeReport(path: string, report: RunReport): Promise<void> {
  return writeDocument(path, [reportJson(report)]);
}

export function writeCertificate(path: string, run: WholeRun, ledger: LedgerReadings): Promise<void> {
  return writeDocument(path, certificateText(run, ledger));
}

export async function writeDocument(path: string, content: Content): Promise<void> {
  await ((await isStandardOutput(path)) ? answer(content) : writeWhole(path, content));
}

export function reportJson(report: RunReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
