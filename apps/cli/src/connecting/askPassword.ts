/** Asks a person at the terminal for a password. What is typed is not shown, kept or logged. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { UsageError } from '../usage/usageError.ts';

/** The question goes to standard error: standard output may be a file of events. */
export async function askPassword(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError(
      'a password can be asked for at a terminal alone, and standard input is none. Give it in an option file (--source-defaults-file) or in ROWPARITY_CONNECTION_SOURCE.',
    );
  }
  // Editing keys work, and what they would show goes nowhere.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  // From here on the terminal shows nothing that is typed.
  process.stderr.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      lines.once('line', resolve);
      // Ctrl-C and Ctrl-D.
      lines.once('close', () => reject(new UsageError('no password was given; nothing was done.')));
    });
  } finally {
    lines.removeAllListeners('close');
    lines.close();
    process.stderr.write('\n');
  }
}
