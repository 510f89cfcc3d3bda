/** `rowparity migrations`, `migration …` and `stage`: migrations, where they stand, and going on or back. */
import {
  type MigrationAnswer,
  type MigrationDefinitionInput,
  printable,
  type Stage,
  stage,
} from '@rowparity/contracts';
import { type Command, Option } from 'commander';
import { answer } from '../output/answer.ts';
import { coordinatorOption } from '../services/addresses.ts';
import { openClient, orUsageError } from '../services/openClient.ts';
import { readDocument } from '../usage/readDocument.ts';

interface Flags {
  readonly coordinator: string;
  readonly json?: boolean;
}

export function addMigrations(program: Command): void {
  program
    .command('migrations')
    .description('list the migrations, the newest first')
    .option('--json', 'print the list as JSON')
    .addOption(coordinatorOption())
    .action(async ({ coordinator, json }: Flags) => {
      const list = await orUsageError(callsAt(coordinator).list());
      const lines = [
        ...list.migrations.map(lineOf),
        ...list.unreadable.map(({ migrationId, message }) => `${migrationId}  not readable: ${message}`),
      ];
      await answer([json ? `${JSON.stringify(list, null, 2)}\n` : linesText(lines)]);
    });
  const migration = program
    .command('migration')
    .description('put, show and delete a migration, or order a run of it');
  addPut(migration);
  addShow(migration);
  addRun(migration);
  addDelete(migration);
  addStage(program);
}

function addPut(migration: Command): void {
  migration
    .command('put')
    .description('begin to watch over a migration; the same file again changes nothing')
    .argument('<migration>', 'its id')
    .argument('<file>', 'its definition (JSON), or - for standard input')
    .addOption(coordinatorOption())
    .action(async (id: string, file: string, { coordinator }: Flags) => {
      const definition = await readDocument<MigrationDefinitionInput>(file);
      const found = await orUsageError(callsAt(coordinator).put(id, definition));
      await answer([linesText([lineOf(found)])]);
    });
}

function addShow(migration: Command): void {
  migration
    .command('show')
    .description('show where a migration stands')
    .argument('<migration>', 'its id')
    .option('--json', 'print it as JSON')
    .addOption(coordinatorOption())
    .action(async (id: string, { coordinator, json }: Flags) => {
      const found = await orUsageError(callsAt(coordinator).get(id));
      const switches = found.switches.map(({ stage: to, at, ended }) => {
        const end = ended === null ? '' : `, which ended run ${ended}`;
        return `  ${new Date(at).toISOString()}  to ${to}${end}`;
      });
      await answer([json ? `${JSON.stringify(found, null, 2)}\n` : linesText([lineOf(found), ...switches])]);
    });
}

function addRun(migration: Command): void {
  migration
    .command('run')
    .description('order a full run: it begins as soon as no other one is under way')
    .argument('<migration>', 'its id')
    .option('--number <number>', 'of the wanted run: ordered again, it is the same run')
    .addOption(coordinatorOption())
    .action(async (id: string, { coordinator, number }: Flags & { readonly number?: string }) => {
      // The coordinator checks the number.
      const order = number === undefined ? {} : { number: Number(number) };
      const found = await orUsageError(callsAt(coordinator).orderRun(id, order));
      await answer([linesText([lineOf(found)])]);
    });
}

function addDelete(migration: Command): void {
  migration
    .command('delete')
    .description('watch over a migration no longer; its runs stay')
    .argument('<migration>', 'its id')
    .addOption(coordinatorOption())
    .action(async (id: string, { coordinator }: Flags) => {
      await orUsageError(callsAt(coordinator).delete(id));
      await answer([`${printable(id)} is deleted\n`]);
    });
}

const STAGE_HELP = `
From src_only over src_first and dst_first to dst_only, one stage at a time, and back. From dst_first on the destination is
right: a run under way in the other direction ends, and the next one begins.`;

function addStage(program: Command): void {
  program
    .command('stage')
    .description('switch a migration to its next stage, or back')
    .argument('<migration>', 'its id')
    .argument('<stage>', stage.options.join(', '))
    .addOption(
      new Option('--from <stage>', 'switch only when it is in this stage now').choices(stage.options),
    )
    .addOption(coordinatorOption())
    .addHelpText('after', STAGE_HELP)
    .action(async (id: string, wanted: Stage, { coordinator, from }: Flags & { readonly from?: Stage }) => {
      const expected = from === undefined ? {} : { expected: from };
      const found = await orUsageError(callsAt(coordinator).switchStage(id, wanted, expected));
      await answer([linesText([lineOf(found)])]);
    });
}

function callsAt(coordinator: string) {
  return openClient({ coordinator }).migrations;
}

function lineOf({ migrationId, stage: now, direction, runId, ordered }: MigrationAnswer): string {
  const run = runId === null ? 'no run yet' : `newest run ${runId}`;
  const next = ordered === null ? '' : `, run ${ordered} is ordered`;
  return `${migrationId}  ${now} (${direction}), ${run}${next}`;
}

function linesText(lines: readonly string[]): string {
  return lines.map((line) => `${printable(line)}\n`).join('');
}
