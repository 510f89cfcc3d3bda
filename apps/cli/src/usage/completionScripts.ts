/**
 * Scripts that complete commands, options and files in a shell. They hold all words, because a script that asks the
 * program at each key press is slow.
 */
import type { CompletedCommand, CompletedOption } from './completionTree.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export function completionScript(shell: Shell, tree: readonly CompletedCommand[]): string {
  switch (shell) {
    case 'bash':
      return bash(tree);
    case 'zsh':
      // zsh reads the completions of bash.
      return `#compdef rowparity\nautoload -U +X bashcompinit && bashcompinit\n${bash(tree)}`;
    case 'fish':
      return fish(tree);
  }
}

function bash(tree: readonly CompletedCommand[]): string {
  const cases = tree.map(({ path, options, commands, takesFiles }) => {
    const words = [...commands.map(({ name }) => name), ...longsOf(options), '--help'];
    return `    '${path.join(' ')}') words='${words.join(' ')}' files=${takesFiles ? 1 : 0} ;;`;
  });
  const all = tree.flatMap(({ options }) => options);
  const valued = pattern(all.filter(({ takes }) => takes === 'a value'));
  const filed = pattern(all.filter(({ takes }) => takes === 'a file'));
  return `_rowparity() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}" path='' word words='' files=0 i
  COMPREPLY=()
  case "$previous" in
    ${filed}) COMPREPLY=($(compgen -f -- "$current")); return ;;
    ${valued}) return ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="\${path:+$path }\${COMP_WORDS[i]}"
    case "$word" in ${pattern(
      tree.filter(({ path }) => path.length > 0).map(({ path }) => ({ long: `'${path.join(' ')}'` })),
    )}) path="$word" ;; esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [[ $files == 1 && $current != -* ]]; then COMPREPLY+=($(compgen -f -- "$current")); fi
}
complete -o filenames -F _rowparity rowparity
`;
}

function fish(tree: readonly CompletedCommand[]): string {
  const lines = tree.flatMap(({ path, options, commands, takesFiles }) => {
    const [last = ''] = path.slice(-1);
    const isHere =
      path.length === 0
        ? '__fish_use_subcommand'
        : path.length === 1
          ? `__fish_seen_subcommand_from ${last}`
          : `__fish_seen_subcommand_from ${path[0]}; and __fish_seen_subcommand_from ${last}`;
    const begin = `complete -c rowparity -n '${isHere}'`;
    return [
      ...commands.map(({ name, describe }) => `${begin} -f -a ${name} -d ${quoted(describe)}`),
      ...options.map(
        ({ long, describe, takes }) =>
          `${begin} -l ${long.slice(2)} -d ${quoted(describe)}${takes === 'nothing' ? '' : takes === 'a file' ? ' -r -F' : ' -x'}`,
      ),
      ...(takesFiles ? [`${begin} -F`] : []),
    ];
  });
  return `complete -c rowparity -f\n${lines.join('\n')}\n`;
}

function longsOf(options: readonly CompletedOption[]): string[] {
  return options.map(({ long }) => long);
}

/** Of a shell's case; never an empty one. */
function pattern(options: readonly Pick<CompletedOption, 'long'>[]): string {
  const longs = [...new Set(options.map(({ long }) => long))];
  return longs.length > 0 ? longs.join('|') : "'-'";
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
