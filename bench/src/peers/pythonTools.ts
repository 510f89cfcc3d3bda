/** Tools of PyPI, each in a virtual environment of its own under .rowparity, so that a second run installs nothing. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { MissingPeer } from './peer.ts';
import { lastLine, runCommand } from './runCommand.ts';

const FOLDER = '.rowparity/peers';

export interface PythonTool {
  readonly name: string;
  /** With their versions, as pip takes them. The first one is the tool. */
  readonly packages: readonly string[];
  readonly program: string;
}

/** The path of its program; or why there is none. */
export async function installed(
  { name, packages, program }: PythonTool,
  say: (line: string) => void,
): Promise<string | MissingPeer> {
  const folder = resolve(FOLDER, name);
  const path = resolve(folder, 'bin', program);
  if (existsSync(path)) return path;
  say(`${name}: installing ${packages.join(' ')} from PyPI into ${FOLDER}/${name}`);
  const made = await runCommand('python3', ['-m', 'venv', folder]);
  if (made.code !== 0) return { name, missing: `python3 -m venv failed: ${lastLine(made.errors)}` };
  const got = await runCommand(resolve(folder, 'bin', 'pip'), ['install', '--quiet', ...packages]);
  if (got.code !== 0) return { name, missing: `pip could not install it: ${lastLine(got.errors)}` };
  return path;
}

export function versionOf({ packages }: PythonTool): string {
  return packages[0]?.split('==')[1] ?? 'of any version';
}
