import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { buildProgram } from './program.ts';
import { EXAMPLES } from './usage/examples.ts';

/** Commands that do something themselves, by their words. */
function leaves(command: Command, path: readonly string[] = []): readonly (readonly [string, Command])[] {
  const below = command.commands.flatMap((one) => leaves(one, [...path, one.name()]));
  return below.length > 0 && command.registeredArguments.length === 0
    ? below
    : [[path.join(' '), command] as const, ...below];
}

const all = leaves(buildProgram());

it.each(all.map(([path, command]) => [path, command] as const))(
  'the help of "%s" ends with examples',
  (_path, command) => {
    const parts: string[] = [];
    command.configureOutput({ writeOut: (text) => void parts.push(text) });
    command.outputHelp();
    expect(parts.join('')).toMatch(/\nExamples?:\n {2}rowparity /);
  },
);

it.each(Object.entries(EXAMPLES))(
  'each example of "%s" is one of it, with options that it has',
  (path, lines) => {
    const command = all.find(([name]) => name === path)?.[1];
    expect(command, path).toBeDefined();
    for (const line of lines) {
      expect(line === path || line.startsWith(`${path} `), line).toBe(true);
      const options = line.match(/ --[a-z-]+/g)?.map((option) => option.trim()) ?? [];
      expect(command?.options.map(({ long }) => long)).toEqual(expect.arrayContaining(options));
    }
  },
);
