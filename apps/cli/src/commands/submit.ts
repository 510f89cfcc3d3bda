/** `rowparity submit FILE`: posts a run spec to the coordinator. */
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { printable } from '@rowparity/contracts';
import type { Command } from 'commander';
import { answer } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { askService } from '../services/askService.ts';
import { UsageError } from '../usage/usageError.ts';

export function addSubmit(program: Command): void {
  program
    .command('submit')
    .description('submit a run spec (JSON); the same spec again is the same run')
    .argument('<file>', 'the spec, or - for standard input')
    .addOption(coordinatorOption())
    .action(async (file: string, { coordinator }: { coordinator: string }) => {
      const body = await readSpec(file);
      const run = (await askService({
        service: 'coordinator',
        base: coordinator,
        path: '/v1/runs',
        method: 'POST',
        body,
      })) as {
        runId: string;
        state: string;
        notes?: readonly { readonly message: string }[];
      };
      for (const { message } of run.notes ?? []) process.stderr.write(`rowparity: ${printable(message)}\n`);
      await answer([`${run.runId} ${run.state}\n`]);
    });
}

async function readSpec(file: string): Promise<string> {
  const found = await (file === '-' ? text(process.stdin) : readFile(file, 'utf8')).catch((cause: Error) => {
    throw new UsageError(`cannot read ${file}: ${cause.message}`, { cause });
  });
  try {
    JSON.parse(found);
  } catch (cause) {
    throw new UsageError(`${file}: expected JSON. ${(cause as Error).message}`, { cause });
  }
  return found;
}
