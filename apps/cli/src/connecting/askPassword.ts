/** Asks a person at the terminal for a password. What is typed is not shown, kept or logged. */
import { UsageError } from '../usage/usageError.ts';
import { Questions } from './questions.ts';

export async function askPassword(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new UsageError(
      'a password can be asked for at a terminal alone, and standard input is none. Give it in an option file (--source-defaults-file) or in ROWPARITY_CONNECTION_SOURCE.',
    );
  }
  using questions = new Questions('no password was given; nothing was done.');
  return await questions.secret(question);
}
