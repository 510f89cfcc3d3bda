/** `rowparity certificate RUN` writes the certificate of a settled run, `certificate verify FILE` verifies one. */
import { verifyCertificate } from '@rowparity/core';
import { EXIT } from '@rowparity/runtime';
import type { Command } from 'commander';
import { linesOf } from '../certifying/linesOf.ts';
import { verifiedLines } from '../certifying/verifiedLines.ts';
import { expectRunId, ledgerOption, withKeptRun } from '../checking/keptRun.ts';
import { answerEither } from '../output/answer.ts';
import { writeCertificate, writeDocument } from '../output/runDocuments.ts';
import { reporterOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';
import { UsageError } from '../usage/usageError.ts';

const VERIFY_HELP = `
Needs no server and no network. Exit codes: 0 the certificate holds, with any verdict; 1 it does not; 2 the file
cannot be read. Only the head, kept elsewhere when the run ended, shows that the file was not written anew as a whole.`;

interface CertificateFlags {
  readonly reporter: string;
  readonly output: string;
  readonly ledger?: string;
}

export function addCertificate(program: Command): void {
  const command = program
    .command('certificate')
    .description('write the certificate of a settled run, from the reporter or from a ledger; or verify one')
    .argument('[run]', 'id of the run; with --ledger its newest run when left out')
    .option('--output <file>', 'file to write it to; - is standard output', '-')
    .addOption(ledgerOption())
    .addOption(reporterOption())
    .action(async (runId: string | undefined, { reporter, output, ledger }: CertificateFlags) => {
      if (ledger) await writeKept({ place: ledger, runId }, output);
      else await fetchTo(output, expectRunId(runId), reporter);
    });
  command
    .command('verify')
    .description('verify a certificate offline: chain, coverage, sums, verdict')
    .argument('<file>', 'certificate, as check --certificate or the reporter wrote it; - for standard input')
    .option('--json', 'print the answer as JSON')
    .addHelpText('after', VERIFY_HELP)
    .action(async (file: string, { json }: { json?: boolean }) => {
      const certificate = await verifyCertificate(linesOf(file));
      await answerEither(json, { data: certificate, text: `${verifiedLines(certificate).join('\n')}\n` });
      process.exitCode = certificate.problems.length === 0 ? EXIT.ok : EXIT.inconsistent;
    });
}

async function fetchTo(output: string, runId: string, reporter: string): Promise<void> {
  await writeDocument(output, await orUsageError(openClient({ reporter }).certificate(runId)));
}

async function writeKept(
  kept: { readonly place: string; readonly runId: string | undefined },
  output: string,
): Promise<void> {
  await withKeptRun(kept, async ({ run, ledger }) => {
    if (run.state !== 'settled') {
      throw new UsageError(
        `run ${run.runId} is ${run.state}: a certificate is written of a settled run. Continue it with check --resume.`,
      );
    }
    await writeCertificate(output, run, ledger);
  });
}
