/** `rowparity completion SHELL`: a script that completes commands and options. */
import { Argument, type Command } from 'commander';
import { answer } from '../output/answer.ts';
import { completionScript, SHELLS, type Shell } from '../usage/completionScripts.ts';
import { completionTree } from '../usage/completionTree.ts';

const HELP = `
Examples:
  rowparity completion bash > ~/.local/share/bash-completion/completions/rowparity
  rowparity completion zsh > "\${fpath[1]}/_rowparity"
  rowparity completion fish > ~/.config/fish/completions/rowparity.fish`;

export function addCompletion(program: Command): void {
  program
    .command('completion')
    .description('print a script that completes commands and options in a shell')
    .addArgument(new Argument('<shell>', 'whose script').choices(SHELLS))
    .addHelpText('after', HELP)
    .action(async (shell: Shell) => {
      await answer([completionScript(shell, completionTree(program))]);
    });
}
