/** `rowparity certificate RUN` fetches the certificate of a settled run, `certificate verify FILE` verifies one. */
import { once } from 'node:events';
import { verifyCertificate } from '@rowparity/core';
import { EXIT } from '@rowparity/runtime';
import type { Command } from 'commander';
import { reporterOption } from '../addresses.ts';
import { streamFromService } from '../askService.ts';
import { linesOf } from '../certifying/linesOf.ts';
import { verifiedLines } from '../certifying/verifiedLines.ts';
import { writeWhole } from '../certifying/writeWhole.ts';

const VERIFY_HELP = `
Needs no server and no network. Exit codes: 0 the certificate holds, whatever its verdict; 1 it does not; 2 the file
cannot be read. That nobody wrote the whole file anew shows only the head that was kept elsewhere when the run ended.`;

export function addCertificate(program: Command): void {
  const command = program
    .command('certificate')
    .description('fetch the certificate of a settled run from the reporter, or verify one')
    .argument('<run>', 'id of the run')
    .option('--output <file>', 'file to write it to; - is standard output', '-')
    .addOption(reporterOption())
    .action(async (runId: string, { reporter, output }: { reporter: string; output: string }) => {
      const path = `/v1/runs/${encodeURIComponent(runId)}/certificate`;
      const content = await streamFromService({ service: 'reporter', base: reporter, path });
      if (output === '-') await writeOut(content);
      else await writeWhole(output, content);
    });
  command
    .command('verify')
    .description('verify a certificate offline: chain, coverage, sums, verdict')
    .argument('<file>', 'certificate, as check --certificate or the reporter wrote it; - for standard input')
    .addHelpText('after', VERIFY_HELP)
    .action(async (file: string) => {
      const certificate = await verifyCertificate(linesOf(file));
      process.stdout.write(`${verifiedLines(certificate).join('\n')}\n`);
      process.exitCode = certificate.problems.length === 0 ? EXIT.ok : EXIT.inconsistent;
    });
}

async function writeOut(content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of content) {
    if (!process.stdout.write(chunk)) await once(process.stdout, 'drain');
  }
}
