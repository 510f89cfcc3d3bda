/** The commands and options of a program, as a shell's completion needs them. */
import type { Command } from 'commander';

export interface CompletedOption {
  /** `--tables` */
  readonly long: string;
  readonly describe: string;
  readonly takes: 'nothing' | 'a value' | 'a file';
}

export interface CompletedCommand {
  /** From the program on: empty for itself. */
  readonly path: readonly string[];
  readonly describe: string;
  readonly options: readonly CompletedOption[];
  readonly commands: readonly { readonly name: string; readonly describe: string }[];
  /** It takes a file as an argument. */
  readonly takesFiles: boolean;
}

/** The program, and each command below it. */
export function completionTree(program: Command, path: readonly string[] = []): readonly CompletedCommand[] {
  const commands = program.commands.filter((command) => !(command as { _hidden?: boolean })._hidden);
  const own: CompletedCommand = {
    path,
    describe: program.description(),
    options: program.options.flatMap(({ long, description, flags, hidden }) =>
      long && !hidden ? [{ long, describe: firstWords(description), takes: takesOf(flags) }] : [],
    ),
    commands: commands.map((command) => ({
      name: command.name(),
      describe: firstWords(command.description()),
    })),
    takesFiles: program.registeredArguments.some((argument) => /file|events/.test(argument.name())),
  };
  return [own, ...commands.flatMap((command) => completionTree(command, [...path, command.name()]))];
}

function takesOf(flags: string): CompletedOption['takes'] {
  if (!flags.includes('<')) return 'nothing';
  return flags.includes('file>') ? 'a file' : 'a value';
}

/** A shell shows one line. */
function firstWords(text: string): string {
  return text.split(/[;:(]/, 1)[0]?.trim() ?? '';
}
