import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { OPTION_LINES } from '../testing/optionLines.ts';

const run = promisify(execFile);

it.for(OPTION_LINES)("the server's own program reads the same: $line", async ({ line, value }, { skip }) => {
  const folder = await mkdtemp(join(tmpdir(), 'rowparity-options-'));
  try {
    const file = join(folder, 'my.cnf');
    await writeFile(file, `[client]\n${line}\n`);
    // MySQL's program hides passwords unless asked; MariaDB's knows no such option, and shows them.
    const ask = (...more: string[]) =>
      run('my_print_defaults', [`--defaults-file=${file}`, ...more, 'client']);
    const { stdout } = await ask('--show')
      .catch(() => ask())
      .catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return skip('no my_print_defaults here');
        throw error;
      });
    expect(stdout).toBe(`--password=${value}\n`);
  } finally {
    await rm(folder, { recursive: true });
  }
});
